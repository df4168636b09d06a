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
  readonly args: Map<string, ArgInfo>;
  readonly usedArgs: Set<string>;
  readonly secrets: Map<string, Requirement>;
  readonly ssh: Map<string, Requirement>;
}

export function emptyOutline(): OutlineDraft {
  return { args: new Map(), usedArgs: new Set(), secrets: new Map(), ssh: new Map() };
}

export function cloneOutline({ args, usedArgs, secrets, ssh }: OutlineDraft): OutlineDraft {
  return { args: new Map(args), usedArgs: new Set(usedArgs), secrets: new Map(secrets), ssh: new Map(ssh) };
}
