import { Command } from 'commander';
import { buildFlags } from '../commands/build-flags.ts';
import { addFlags, plainWords } from '../commands/flag-values.ts';
import type { BuildRequest } from './build-request.ts';
import { readBuildRequest, type RequestEnvironment } from './read-build-request.ts';

/** For tests: what there is besides the flags. */
export interface Given {
  readonly env?: RequestEnvironment['env'];
  readonly isOutTerminal?: boolean;
}

/** For tests: what the words after `kiln build` ask for. */
export function requested(words: readonly string[], { env = {}, isOutTerminal = false }: Given = {}): BuildRequest {
  const command = new Command('build').argument('[path]', '', '.').exitOverride();
  const flags = addFlags(command, buildFlags);
  command.parse([...plainWords(words, buildFlags)], { from: 'user' });
  return readBuildRequest(command.args[0] ?? '.', flags, { env, uid: 0, isOutTerminal });
}
