import { addressOf } from './address.ts';
import { CallBatch } from './call-batch.ts';
import { callLoop } from './call-loop.ts';

/** Calls at a time. */
const most = 512;
const pathBytes = 1 << 16;
/** What a call may write, at most, in bytes. */
export const answerSize = 256;

/** System calls that are made for each of many paths. */
export interface PathCalls<Path extends string | Uint8Array, Answer> {
  /** How many they are for a path. */
  readonly count: number;
  /** Adds them; the answer of each goes to the next {@link answerSize} bytes of `room`. Both are addresses. */
  readonly add: (batch: CallBatch, path: number, room: number) => void;
  /** Reads the answers to the calls from `first` on; undefined if they have to be made alone: one failed, or room was short. */
  readonly read: (answers: Answers, first: number) => { readonly answer: Answer } | undefined;
  /** Makes them alone, and fails as they do. */
  readonly alone: (path: Path) => Answer;
}

/** What came of calls, by their numbers. */
export interface Answers {
  /** -errno if it failed. */
  readonly result: (call: number) => number;
  /** What it wrote is at {@link answerSize} times its number. */
  readonly bytes: DataView;
}

/** A batch, and room for its answers. */
interface Room {
  readonly batch: CallBatch;
  readonly answers: DataView;
  readonly address: number;
}

/** Those that are not used now. */
const spare: Room[] = [];

function takeRoom(): Room | undefined {
  const known = spare.pop();
  const { loop } = callLoop();
  if (known || !loop) return known;
  const answers = new DataView(new ArrayBuffer(most * answerSize));
  return { batch: new CallBatch(loop, { calls: most, pathBytes }), answers, address: addressOf(answers) };
}

/** The answers, in the order of the paths. Takes half as long as calls one by one, or less. */
export function callForEach<Path extends string | Uint8Array, Answer>(
  paths: readonly Path[],
  calls: PathCalls<Path, Answer>,
): Answer[] {
  const room = takeRoom();
  if (!room) return paths.map(calls.alone);
  const found: Answer[] = [];
  try {
    while (addCalls(room, paths, { calls, found })) {
      room.batch.run();
      readAnswers(room, paths, { calls, found });
    }
  } finally {
    giveBack(room);
  }
  return found;
}

/** As {@link callForEach}, while this thread goes on. */
export async function callForEachAside<Path extends string | Uint8Array, Answer>(
  paths: readonly Path[],
  calls: PathCalls<Path, Answer>,
): Promise<Answer[]> {
  const room = takeRoom();
  if (!room) return paths.map(calls.alone);
  const found: Answer[] = [];
  try {
    while (addCalls(room, paths, { calls, found })) {
      await room.batch.runAside();
      readAnswers(room, paths, { calls, found });
    }
  } finally {
    giveBack(room);
  }
  return found;
}

interface CallWork<Path extends string | Uint8Array, Answer> {
  readonly calls: PathCalls<Path, Answer>;
  /** The answers so far. */
  readonly found: Answer[];
}

/** Adds calls for the next paths, as many as there is room for; false if there are none left. */
function addCalls<Path extends string | Uint8Array, Answer>(
  { batch, address }: Room,
  paths: readonly Path[],
  { calls, found }: CallWork<Path, Answer>,
): boolean {
  for (let index = found.length; index < paths.length; index++) {
    const path = paths[index];
    if (path === undefined) break;
    if (batch.hasRoom(calls.count, path)) calls.add(batch, batch.path(path), address + batch.count * answerSize);
    else if (batch.count > 0) break;
    // There is none even alone.
    else found.push(calls.alone(path));
  }
  return batch.count > 0;
}

function readAnswers<Path extends string | Uint8Array, Answer>(
  { batch, answers }: Room,
  paths: readonly Path[],
  { calls, found }: CallWork<Path, Answer>,
): void {
  const first = found.length;
  const all = { result: (call: number) => batch.result(call), bytes: answers };
  for (let index = 0; index * calls.count < batch.count; index++) {
    const path = paths[first + index];
    const known = calls.read(all, index * calls.count);
    if (known) found.push(known.answer);
    else if (path !== undefined) found.push(calls.alone(path));
  }
  batch.clear();
}

function giveBack(room: Room): void {
  room.batch.clear();
  spare.push(room);
}
