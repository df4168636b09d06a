import { expect, it } from 'vitest';
import type { SandboxResult } from '../sandbox/sandbox.ts';
import { stepFailure } from './step-failure.ts';

it.each<[SandboxResult, string, string | undefined]>([
  [{ kind: 'exited', code: 3 }, 'exit code: 3', undefined],
  [{ kind: 'exited', code: 139 }, 'exit code: 139', '139 is what a program ended by SIGSEGV gives'],
  [{ kind: 'exited', code: 130 }, 'exit code: 130', undefined],
  [{ kind: 'signaled', signal: 'SIGBUS' }, 'signal: SIGBUS', undefined],
  [
    { kind: 'exited', code: 137, limitMet: 'out of memory (limit 64m)' },
    'exit code: 137: out of memory (limit 64m)',
    undefined,
  ],
])('The error of a step says how it ended, and for what: %j', (result, how, hint) => {
  const { message, hint: said } = stepFailure(['/bin/sh', '-c', 'make'], result);
  expect(message).toBe(`process "/bin/sh -c make" did not complete successfully: ${how}`);
  expect(said).toBe(hint);
});
