import { lazy } from '../spec/lazy.ts';
import { addressOf } from './address.ts';
import { CallBatch } from './call-batch.ts';
import { callLoop } from './call-loop.ts';

/** Calls at a time. */
const most = 256;
const pathBytes = 1 << 16;
/** What a call may write, at most, in bytes. */
export const answerSize = 256;

/** A system call that is made for each of many paths. */
export interface PathCall<Path extends string | Uint8Array, Answer> {
  /** Adds the call, whose answer goes to `room`, {@link answerSize} bytes; both are addresses. */
  readonly add: (calls: CallBatch, path: number, room: number) => void;
  /** Reads the answer; undefined if the call has to be made alone: it failed, or room was short. */
  readonly read: (result: number, answers: DataView, at: number) => { readonly answer: Answer } | undefined;
  /** Makes the call alone, and fails as it does. */
  readonly alone: (path: Path) => Answer;
}

/** One for all: it runs at once. */
const ready = lazy(() => {
  const { loop } = callLoop();
  if (!loop) return {};
  const answers = new DataView(new ArrayBuffer(most * answerSize));
  return { batch: new CallBatch(loop, { calls: most, pathBytes }), answers, address: addressOf(answers) };
});

/** The answers, in the order of the paths. Takes half as long as calls one by one, or less. */
export function callForEach<Path extends string | Uint8Array, Answer>(
  paths: readonly Path[],
  { add, read, alone }: PathCall<Path, Answer>,
): Answer[] {
  const { batch, answers, address = 0 } = ready();
  if (!batch) return paths.map(alone);
  const found: Answer[] = [];
  const flush = (): void => {
    batch.run();
    const first = found.length;
    for (let index = 0; index < batch.count; index++) {
      const path = paths[first + index];
      const known = read(batch.result(index), answers, index * answerSize);
      if (known) found.push(known.answer);
      else if (path !== undefined) found.push(alone(path));
    }
    batch.clear();
  };
  try {
    for (const path of paths) {
      if (!batch.hasRoom(1, path)) flush();
      if (batch.hasRoom(1, path)) add(batch, batch.path(path), address + batch.count * answerSize);
      else found.push(alone(path));
    }
    flush();
  } finally {
    batch.clear();
  }
  return found;
}
