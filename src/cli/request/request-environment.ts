import type { Terminal } from '../terminal.ts';
import type { RequestEnvironment } from './read-build-request.ts';

/** What this process gives to requests. */
export function requestEnvironment({ isOutTerminal }: Terminal): RequestEnvironment {
  return { env: process.env, uid: process.getuid?.() ?? 0, isOutTerminal: isOutTerminal() };
}
