import { formatByteCount } from './byte-count.ts';

/** Bytes that are kept of the beginning, and as many of the end. */
const keptBytes = 2 ** 20;
/** What a piece costs besides its bytes. */
const pieceCost = 256;

/** A piece of output, and the seconds after the start of its step at which it came. */
export interface LogPiece {
  readonly data: Uint8Array;
  readonly seconds: number;
}

/** What a step has printed. Of very much, the middle is forgotten. */
export class StepLog {
  readonly #head: LogPiece[] = [];
  #headCost = 0;
  #tail: LogPiece[] = [];
  #tailCost = 0;
  /** Pieces at the front of the tail that are forgotten, but not yet removed. */
  #stale = 0;
  #forgotten = 0;
  /** Bytes in all. */
  size = 0;

  append(piece: LogPiece): void {
    const cost = piece.data.length + pieceCost;
    this.size += piece.data.length;
    if (this.#tail.length === 0 && this.#headCost + cost <= keptBytes) {
      this.#head.push(piece);
      this.#headCost += cost;
      return;
    }
    this.#tail.push(piece);
    this.#tailCost += cost;
    while (this.#tailCost > keptBytes && this.#stale < this.#tail.length - 1) this.#forget();
    if (this.#stale > this.#tail.length / 2) {
      this.#tail = this.#tail.slice(this.#stale);
      this.#stale = 0;
    }
  }

  #forget(): void {
    const { length } = this.#tail[this.#stale++]?.data ?? [];
    this.#tailCost -= length + pieceCost;
    this.#forgotten += length;
  }

  /** The last pieces, with at least so many bytes if there are as many. */
  last(bytes: number): readonly LogPiece[] {
    const pieces: LogPiece[] = [];
    let sum = 0;
    for (const kept of [this.#tail.slice(this.#stale), this.#head]) {
      for (let at = kept.length - 1; at >= 0 && sum < bytes; at--) {
        const piece = kept[at];
        if (!piece) break;
        pieces.push(piece);
        sum += piece.data.length;
      }
    }
    return pieces.reverse();
  }

  /** The lines, each with the seconds before it; every one ends. */
  text(): Buffer {
    const tail = this.#tail.slice(this.#stale);
    if (this.#forgotten === 0) return timedLines([...this.#head, ...tail]);
    const notice = `[${formatByteCount(this.#forgotten)} of output not shown]\n`;
    return Buffer.concat([timedLines(this.#head), Buffer.from(notice), timedLines(fromLineStart(tail))]);
  }
}

/** Without the rest of a line whose beginning is forgotten. */
function fromLineStart(pieces: readonly LogPiece[]): readonly LogPiece[] {
  const index = pieces.findIndex(({ data }) => data.includes(newline));
  const first = pieces[index];
  if (!first) return pieces;
  const data = first.data.subarray(first.data.indexOf(newline) + 1);
  return [{ ...first, data }, ...pieces.slice(index + 1)];
}

const newline = 10;

function timedLines(pieces: readonly LogPiece[]): Buffer {
  const out: Uint8Array[] = [];
  let isOpen = false;
  for (const { data, seconds } of pieces) {
    for (const line of splitLines(data)) {
      if (!isOpen) out.push(Buffer.from(`${formatLogTime(seconds)} `));
      out.push(line);
      isOpen = line.at(-1) !== newline;
    }
  }
  if (isOpen) out.push(Buffer.of(newline));
  return Buffer.concat(out);
}

/** The lines of a piece, each with its line ending; the last may have none. */
function* splitLines(data: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < data.length;) {
    const at = data.indexOf(newline, start);
    const end = at < 0 ? data.length : at + 1;
    yield data.subarray(start, end);
    start = end;
  }
}

/** Seconds in five characters or so, as buildx prints them before a line: `0.051`, `12.34`, `123.4`. */
export function formatLogTime(seconds: number): string {
  return seconds.toFixed(seconds < 10 ? 3 : seconds < 100 ? 2 : 1);
}
