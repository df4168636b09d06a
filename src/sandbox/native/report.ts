import type { CallFailure } from './program/program.ts';
import { reports } from './step/kernel.ts';

/** What the processes of a step say: pairs of numbers, as they come. */
export class Report {
  /** Of the process that takes all others with it; undefined if it has ended without there being any. */
  readonly processId: Promise<number | undefined>;
  /** How the user's program ended, as wait(2) has it. */
  exitStatus: number | undefined;
  isProgramMissing = false;
  /** Why there is no such program. */
  launchFailure: CallFailure | undefined;
  /** The operation of the program that failed, by its address, and its result. */
  failure: { readonly address: number; readonly result: number } | undefined;
  #tellProcessId: (processId: number | undefined) => void = () => undefined;
  #rest = Buffer.alloc(0);

  constructor() {
    this.processId = new Promise((resolve) => {
      this.#tellProcessId = resolve;
    });
  }

  /** Takes what has been read. */
  add(chunk: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const complete = bytes.length - (bytes.length % 16);
    for (let at = 0; at < complete; at += 16) {
      this.#take(Number(bytes.readBigInt64LE(at)), Number(bytes.readBigInt64LE(at + 8)));
    }
    this.#rest = bytes.subarray(complete);
  }

  /** There is nothing more. */
  end(): void {
    this.#tellProcessId(undefined);
  }

  #take(kind: number, value: number): void {
    switch (kind) {
      case reports.processId:
        this.#tellProcessId(value);
        return;
      case reports.exitStatus:
        this.exitStatus = value;
        return;
      case reports.programNotFound:
        this.isProgramMissing = true;
        return;
      case reports.cloneFailed:
        this.launchFailure = { syscall: 'clone', purpose: 'make a process', errno: -value };
        return;
      case reports.executeFailed:
        this.launchFailure = { syscall: 'execveat', purpose: 'execute a program of its own', errno: -value };
        return;
      default:
        this.failure ??= { address: kind, result: value };
    }
  }
}
