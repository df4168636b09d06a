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
  call: PathCall<Path, Answer>,
): Answer[] {
  const room = takeRoom();
  if (!room) return paths.map(call.alone);
  const found: Answer[] = [];
  try {
    while (addCalls(room, paths, { call, found })) {
      room.batch.run();
      readAnswers(room, paths, { call, found });
    }
  } finally {
    giveBack(room);
  }
  return found;
}

/** As {@link callForEach}, while this thread goes on. */
export async function callForEachAside<Path extends string | Uint8Array, Answer>(
  paths: readonly Path[],
  call: PathCall<Path, Answer>,
): Promise<Answer[]> {
  const room = takeRoom();
  if (!room) return paths.map(call.alone);
  const found: Answer[] = [];
  try {
    while (addCalls(room, paths, { call, found })) {
      await room.batch.runAside();
      readAnswers(room, paths, { call, found });
    }
  } finally {
    giveBack(room);
  }
  return found;
}

interface CallWork<Path extends string | Uint8Array, Answer> {
  readonly call: PathCall<Path, Answer>;
  /** The answers so far. */
  readonly found: Answer[];
}

/** Adds calls for the next paths, as many as there is room for; false if there are none left. */
function addCalls<Path extends string | Uint8Array, Answer>(
  { batch, address }: Room,
  paths: readonly Path[],
  { call, found }: CallWork<Path, Answer>,
): boolean {
  for (let index = found.length; index < paths.length; index++) {
    const path = paths[index];
    if (path === undefined) break;
    if (batch.hasRoom(1, path)) call.add(batch, batch.path(path), address + batch.count * answerSize);
    else if (batch.count > 0) break;
    // There is none even alone.
    else found.push(call.alone(path));
  }
  return batch.count > 0;
}

function readAnswers<Path extends string | Uint8Array, Answer>(
  { batch, answers }: Room,
  paths: readonly Path[],
  { call, found }: CallWork<Path, Answer>,
): void {
  const first = found.length;
  for (let index = 0; index < batch.count; index++) {
    const path = paths[first + index];
    const known = call.read(batch.result(index), answers, index * answerSize);
    if (known) found.push(known.answer);
    else if (path !== undefined) found.push(call.alone(path));
  }
  batch.clear();
}

function giveBack(room: Room): void {
  room.batch.clear();
  spare.push(room);
}
