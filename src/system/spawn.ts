import { lazy } from '../spec/lazy.ts';
import { cFunction, cLibrary } from './c-library.ts';
import { cFunctionAside } from './call-aside.ts';
import { SystemError } from './system-error.ts';

/** Larger than what C libraries have: 80, 336 and 128 bytes. */
const [actionsSize, attributesSize, signalSetSize] = [256, 512, 128] as const;
const setDefaultSignals = 0x04;
const setSignalMask = 0x08;
const setSession = 0x80;
const withoutWaiting = 1;

interface SpawnCalls {
  readonly spawn: (
    pid: Buffer,
    path: string,
    actions: Buffer,
    attributes: Buffer,
    args: readonly (string | null)[],
    env: readonly (string | null)[],
  ) => number;
  readonly begin: (actions: Buffer, attributes: Buffer) => void;
  readonly end: (actions: Buffer, attributes: Buffer) => void;
  readonly open: (actions: Buffer, fd: number, path: string, flags: number, mode: number) => number;
  readonly move: (actions: Buffer, fd: number, as: number) => number;
}

const calls = lazy((): SpawnCalls => {
  const { symbols } = cLibrary();
  const beginActions = symbols.func('int posix_spawn_file_actions_init(uint8_t *)');
  const beginAttributes = symbols.func('int posix_spawnattr_init(uint8_t *)');
  const setFlags = symbols.func('int posix_spawnattr_setflags(uint8_t *, short)');
  const setDefault = symbols.func('int posix_spawnattr_setsigdefault(uint8_t *, const uint8_t *)');
  const endActions = symbols.func('int posix_spawn_file_actions_destroy(uint8_t *)');
  const endAttributes = symbols.func('int posix_spawnattr_destroy(uint8_t *)');
  return {
    spawn: symbols.func(
      'int posix_spawn(_Out_ uint8_t *, const char *, uint8_t *, uint8_t *, const char **, const char **)',
    ),
    open: symbols.func('int posix_spawn_file_actions_addopen(uint8_t *, int, const char *, int, unsigned int)'),
    move: symbols.func('int posix_spawn_file_actions_adddup2(uint8_t *, int, int)'),
    begin: (actions, attributes) => {
      beginActions(actions);
      beginAttributes(attributes);
      setFlags(attributes, setDefaultSignals | setSignalMask | setSession);
      setDefault(attributes, Buffer.alloc(signalSetSize, 0xff));
    },
    end: (actions, attributes) => {
      endActions(actions);
      endAttributes(attributes);
    },
  };
});
const waitPrototype = 'int waitpid(int, _Out_ uint8_t *, int)';
const waitCall = cFunction(waitPrototype);
const waitCallAside = cFunctionAside(waitPrototype);

/** A program, and all that it is given. */
export interface SpawnRequest {
  readonly path: string;
  /** What it is called, its only argument. */
  readonly name: string;
  /** Is its descriptor 3; those before are /dev/null. */
  readonly fd: number;
}

/**
 * posix_spawn(3): starts a process in a session of its own, with no environment. `node:child_process` makes a copy of this one
 * first, which takes 10 ms, and as long again for the pages that are changed afterwards.
 */
export function spawnProgram({ path, name, fd }: SpawnRequest): SpawnedProcess {
  const { spawn, open, move, begin, end } = calls();
  const [actions, attributes] = [Buffer.alloc(actionsSize), Buffer.alloc(attributesSize)];
  begin(actions, attributes);
  try {
    for (const number of [0, 1, 2]) open(actions, number, '/dev/null', number === 0 ? 0 : 2, 0);
    move(actions, fd, 3);
    const pid = Buffer.alloc(4);
    const error = spawn(pid, path, actions, attributes, [name, null], [null]);
    if (error !== 0) throw new SystemError(error, 'posix_spawn', path);
    return new SpawnedProcess(pid.readInt32LE(0));
  } finally {
    end(actions, attributes);
  }
}

/** A process that was started here. */
export class SpawnedProcess {
  readonly #pid: number;
  #hasEnded = false;

  constructor(pid: number) {
    this.#pid = pid;
  }

  /** Whether it is still there. */
  isRunning(): boolean {
    this.#hasEnded ||= waitCall(this.#pid, Buffer.alloc(4), withoutWaiting) !== 0;
    return !this.#hasEnded;
  }

  /** Returns when it has ended. */
  async ended(): Promise<void> {
    if (this.isRunning()) await waitCallAside(this.#pid, Buffer.alloc(4), 0);
    this.#hasEnded = true;
  }
}
