import type { Origin } from '../instructions/command.ts';
import type { ArgInfo, OutlineDraft, Requirement } from './outline-draft.ts';
import type { StageState } from './stage-state.ts';

/** What a target can be given. */
export interface Outline {
  /** Empty for a stage without a name. */
  readonly name: string;
  readonly description: string;
  readonly args: readonly ArgInfo[];
  readonly secrets: readonly ({ readonly name: string } & Requirement)[];
  readonly ssh: readonly ({ readonly name: string } & Requirement)[];
}

/** All parameters of a stage and what it is made from, in the order of the file. */
export function outlineOf(target: StageState): Outline {
  const states = reachableStates(target);
  const args = distinct(states, ({ outline }) => usedArgs(outline));
  const secrets = distinct(states, ({ outline }) => outline.secrets);
  const ssh = distinct(states, ({ outline }) => outline.ssh);
  return {
    name: target.stage?.from.name ?? '',
    description: target.stage?.from.description ?? '',
    args: args.map(([, info]) => info),
    secrets: secrets.map(([name, requirement]) => ({ name, ...requirement })),
    ssh: ssh.map(([name, requirement]) => ({ name, ...requirement })),
  };
}

/** A state, what it is based on, and what it takes files from. */
export function reachableStates(target: StageState): readonly StageState[] {
  const found = new Set([target]);
  for (const state of found) {
    if (state.base) found.add(state.base);
    for (const dependency of state.dependencies.keys()) found.add(dependency);
  }
  return [...found];
}

/** The arguments that count: those used, and those that these use. Those of one instruction are in its order. */
function usedArgs({ globalArgs, args, usedArgs: used }: OutlineDraft): ReadonlyMap<string, ArgInfo> {
  const names = new Set(used);
  const infos = new Map<string, ArgInfo>();
  for (const name of names) {
    const info = args.get(name) ?? globalArgs.get(name);
    if (info) infos.set(name, info);
    for (const other of info?.uses ?? []) names.add(other);
  }
  return new Map([...infos].sort(([, a], [, b]) => a.definition.span.start - b.definition.span.start));
}

/** The first of each name, by line. */
function distinct<Info extends { readonly origin: Origin }>(
  states: readonly StageState[],
  infosOf: (state: StageState) => ReadonlyMap<string, Info>,
): readonly (readonly [string, Info])[] {
  const all = new Map<string, Info>();
  for (const state of states) {
    for (const [name, info] of infosOf(state)) if (!all.has(name)) all.set(name, info);
  }
  return [...all].sort(([, a], [, b]) => a.origin.lines[0] - b.origin.lines[0]);
}
