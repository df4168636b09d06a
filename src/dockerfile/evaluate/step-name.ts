import type { CommandOf } from '../instructions/command.ts';
import { parseHeredoc } from '../lexer/heredoc.ts';
import type { Environment } from '../words/environment.ts';
import { expandWord, type ExpandOptions } from '../words/expand.ts';
import { WordError } from '../words/word-error.ts';

export interface StepNaming {
  readonly command: CommandOf<'run'> | CommandOf<'add'> | CommandOf<'copy'> | CommandOf<'workdir'>;
  readonly environment: Environment;
  readonly escape: ExpandOptions['escape'];
  /** Whether the command is a trigger of the base. */
  readonly isOnbuild: boolean;
  /** Variables that nobody is to see. */
  readonly secrets: readonly string[];
}

/**
 * What progress calls a step: the instruction with its variables expanded, as far as they are known. Of RUN, the quotes stay,
 * and the script that it consists of is summarised.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/frontend/dockerfile/dockerfile2llb/convert.go processCmdEnv
 */
export function stepName({ command, environment, escape, isOnbuild, secrets }: StepNaming): string {
  const isRun = command.kind === 'run';
  const text = isRun ? command.origin.code + scriptSummary(command) : command.origin.code;
  const options = isRun ? { escape, rawQuotes: true, keepUnset: true } : { escape };
  const masked = isRun && secrets.length > 0 ? maskedEnvironment(environment, new Set(secrets)) : environment;
  const name = expandedOrAsItIs(text, masked, options).replace(/^\S+/, (keyword) => keyword.toUpperCase());
  return isOnbuild ? `ONBUILD ${name}` : name;
}

function expandedOrAsItIs(text: string, environment: Environment, options: ExpandOptions): string {
  try {
    return expandWord(text, environment, options).result;
  } catch (error) {
    if (error instanceof WordError) return text;
    throw error;
  }
}

function scriptSummary({ command, files: [file] }: CommandOf<'run'>): string {
  if (!file || !parseHeredoc(command.arguments[0] ?? '')) return '';
  const [first = '', ...others] = file.content.trim().split(/\r?\n/);
  return ` (${first}${others.length > 0 ? '...' : ''})`;
}

function maskedEnvironment(environment: Environment, secrets: ReadonlySet<string>): Environment {
  return {
    get: (name) => (secrets.has(name) ? '****' : environment.get(name)),
    keys: () => environment.keys(),
  };
}
