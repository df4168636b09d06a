import type { ArgDefinition, Origin } from '../instructions/command.ts';

/** A build argument that a stage knows. */
export interface ArgInfo {
  readonly definition: ArgDefinition;
  readonly origin: Origin;
  readonly value: string;
  /** Variables that its default uses. */
  readonly uses: ReadonlySet<string>;
}

/** A secret or an SSH agent that a stage wants. */
export interface Requirement {
  readonly required: boolean;
  readonly origin: Origin;
}

/** What a stage can be given, while it is evaluated. */
export interface OutlineDraft {
  /** From before the first FROM; the same for all stages. */
  readonly globalArgs: ReadonlyMap<string, ArgInfo>;
  /** Of the stage itself; they hide those. */
  readonly args: Map<string, ArgInfo>;
  readonly usedArgs: Set<string>;
  readonly secrets: Map<string, Requirement>;
  readonly ssh: Map<string, Requirement>;
}

export function emptyOutline(globalArgs: OutlineDraft['globalArgs'] = new Map()): OutlineDraft {
  return { globalArgs, args: new Map(), usedArgs: new Set(), secrets: new Map(), ssh: new Map() };
}
