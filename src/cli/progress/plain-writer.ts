import { printable, printableText } from '../../diagnostic/printable.ts';
import { isCanceled, type TransferEvent } from '../../progress/build-event.ts';
import { formatTransfer } from './byte-count.ts';
import { secondsOf } from './interval.ts';
import type { PlainStep } from './plain-step.ts';
import { formatLogTime } from './step-log.ts';
import { isCompleted, type Step } from './trace.ts';

/** What has to have changed of a transfer before it is printed again: milliseconds, part of the whole. */
const transferPause = 5000;
const transferPart = 0.05;

/** Puts steps into lines, as `--progress=plain` of buildx does. */
export class PlainWriter {
  /** The step whose lines come last, while it runs. */
  current: PlainStep | undefined;
  #out: Uint8Array[] = [];
  #stepCount = 0;
  #isBegun = false;
  readonly #printedTransfers = new Map<string, TransferEvent>();

  /** Prints what is new of a step, under its name if another one printed before it. */
  print(plain: PlainStep): void {
    if (plain.index === 0) plain.index = ++this.#stepCount;
    if (plain !== this.current) this.#turnTo(plain);
    const isTransferring = this.#printTransfers(plain);
    for (const { short } of plain.warnings) this.#line(plain, `WARN: ${printableText(short)}`);
    plain.warnings = [];
    this.#printOutput(plain);
    if (isCompleted(plain.step) && !isTransferring) this.#end(plain);
  }

  /** What has been printed since the last time. */
  take(): Uint8Array {
    const bytes = Buffer.concat(this.#out);
    this.#out = [];
    return bytes;
  }

  #turnTo(plain: PlainStep): void {
    const { current } = this;
    if (current) {
      this.#closeLine(current);
      this.#line(current, '...');
      current.news = 0;
    }
    if (this.#isBegun) this.#text('\n');
    this.#isBegun = true;
    this.current = plain;
    this.#line(plain, printable(plain.step.name));
  }

  /** Whether one of those printed goes on. */
  #printTransfers(plain: PlainStep): boolean {
    let isTransferring = false;
    for (const id of plain.transfers) {
      const transfer = plain.step.transfers.get(id);
      if (transfer?.started === undefined || !this.#isWorthPrinting(transfer)) continue;
      this.#printedTransfers.set(id, transfer);
      this.#line(plain, transferText(transfer));
      isTransferring ||= transfer.completed === undefined;
    }
    plain.transfers.clear();
    return isTransferring;
  }

  #isWorthPrinting({ id, current, total = 0, time, completed }: TransferEvent): boolean {
    const last = this.#printedTransfers.get(id);
    if (!last || completed !== undefined) return true;
    const part = total > 0 ? (current - last.current) / total : 0;
    return part >= transferPart || time - last.time >= transferPause;
  }

  #printOutput(plain: PlainStep): void {
    for (const { data, seconds } of plain.pieces) {
      const prefix = Buffer.from(`#${plain.index} ${formatLogTime(seconds)} `);
      this.#out.push(withPrefix(data, prefix, plain.isLineOpen));
      plain.isLineOpen = data.length > 0 ? data.at(-1) !== newline : plain.isLineOpen;
    }
    plain.pieces = [];
    plain.bytes = 0;
  }

  #end(plain: PlainStep): void {
    this.#closeLine(plain);
    this.#line(plain, endText(plain.step));
    plain.news = 0;
    this.current = undefined;
  }

  #closeLine(plain: PlainStep): void {
    if (plain.isLineOpen) this.#text('\n');
    plain.isLineOpen = false;
  }

  #line({ index }: PlainStep, text: string): void {
    this.#text(`#${index} ${text}\n`);
  }

  #text(text: string): void {
    this.#out.push(Buffer.from(text));
  }
}

const newline = 10;

/** Output with something before every line that begins in it; the first one may have begun before. */
function withPrefix(data: Uint8Array, prefix: Buffer, isLineOpen: boolean): Uint8Array {
  const starts = isLineOpen || data.length === 0 ? [] : [0];
  for (let at = data.indexOf(newline); at >= 0 && at < data.length - 1; at = data.indexOf(newline, at + 1)) {
    starts.push(at + 1);
  }
  const out = Buffer.allocUnsafe(data.length + starts.length * prefix.length);
  const source = Buffer.from(data.buffer, data.byteOffset, data.length);
  let to = source.copy(out, 0, 0, starts[0] ?? data.length);
  for (const [index, start] of starts.entries()) {
    to += prefix.copy(out, to);
    to += source.copy(out, to, start, starts[index + 1] ?? data.length);
  }
  return out;
}

function transferText(transfer: TransferEvent): string {
  const { id, time, started = time, completed } = transfer;
  const seconds = ((completed ?? time) - started) / 1000;
  const duration = seconds > 0.01 ? ` ${seconds.toFixed(1)}s` : '';
  return `${printable(id)}${formatTransfer(transfer)}${duration}${completed === undefined ? '' : ' done'}`;
}

function endText({ error, cached, intervals }: Step): string {
  if (error !== undefined) return isCanceled(error) ? 'CANCELED' : `ERROR: ${printableText(error)}`;
  return cached ? 'CACHED' : `DONE ${secondsOf(intervals.values(), 0).toFixed(1)}s`;
}
