import { formatPlatform, formatPlatformAll, type Platform } from '../../spec/platform.ts';
import type { CommandOf } from '../instructions/command.ts';
import type { Escape } from '../parser/ast.ts';
import { expandWord } from '../words/expand.ts';
import type { ArgInfo } from './outline-draft.ts';
import { wordProblem } from './word-problem.ts';

/** Build arguments that are commands to the exporter, not variables. */
export const controlArgs: ReadonlySet<string> = new Set(['BUILDKIT_SBOM_SCAN_CONTEXT', 'BUILDKIT_SBOM_SCAN_STAGE']);

export interface GlobalArgsOptions {
  readonly buildPlatform: Platform;
  readonly targetPlatform: Platform;
  /** Name of the target stage; empty for none. */
  readonly target: string;
  readonly buildArgs: ReadonlyMap<string, string>;
}

/**
 * The arguments that exist without ARG; build arguments override them.
 *
 * @see https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope
 */
export function predefinedArgs(options: GlobalArgsOptions): Map<string, string> {
  const { buildPlatform: build, targetPlatform: target, buildArgs } = options;
  const args = {
    BUILDPLATFORM: formatPlatform(build),
    BUILDOS: build.os,
    BUILDOSVERSION: build.osVersion ?? '',
    BUILDARCH: build.architecture,
    BUILDVARIANT: build.variant ?? '',
    TARGETPLATFORM: formatPlatformAll(target),
    TARGETOS: target.os,
    TARGETOSVERSION: target.osVersion ?? '',
    TARGETARCH: target.architecture,
    TARGETVARIANT: target.variant ?? '',
    TARGETSTAGE: options.target === '' ? 'default' : options.target,
  };
  return new Map(Object.entries(args).map(([name, value]) => [name, buildArgs.get(name) ?? value]));
}

/** The variables that FROM may use, and what there is to know about those from ARG. */
export interface GlobalArgs {
  readonly values: Map<string, string>;
  readonly infos: Map<string, ArgInfo>;
  /** Names with or without a value; in the order in which they are suggested. */
  readonly declared: ReadonlySet<string>;
}

/** Evaluates the ARG instructions before the first FROM. Throws ProblemError. */
export function evaluateGlobalArgs(
  predefined: ReadonlyMap<string, string>,
  commands: readonly CommandOf<'arg'>[],
  { buildArgs, escape }: { readonly buildArgs: ReadonlyMap<string, string>; readonly escape: Escape },
): GlobalArgs {
  const values = new Map(predefined);
  const infos = new Map<string, ArgInfo>();
  for (const { args, origin } of commands) {
    for (const definition of args) {
      const { key } = definition;
      let value = buildArgs.get(key);
      let uses: ReadonlySet<string> = new Set();
      if (value === undefined && definition.value !== undefined) {
        const { result, matched } = wordProblem({ value: definition.value, span: definition.span }, origin, (word) =>
          expandWord(word, values, { escape }),
        );
        value = result;
        uses = usesOf(key, matched, infos.get(key));
      }
      if (value !== undefined) assign(values, key, value);
      infos.set(key, { definition, origin, value: value ?? '', uses });
    }
  }
  return { values, infos, declared: new Set([...infos.keys(), ...values.keys()]) };
}

/** Sets a variable; the order of a map of variables is that of assignment. */
export function assign(variables: Map<string, string>, name: string, value: string): void {
  variables.delete(name);
  variables.set(name, value);
}

/** What a default uses; `ARG V=$V-more` uses what the earlier V used. */
function usesOf(key: string, matched: ReadonlySet<string>, earlier: ArgInfo | undefined): ReadonlySet<string> {
  if (!matched.has(key)) return matched;
  const uses = new Set([...matched, ...(earlier?.uses ?? [])]);
  uses.delete(key);
  return uses;
}
