import type { Socket } from 'node:net';
import { assert } from '../../diagnostic/assert.ts';
import { closeDescriptor } from '../../system/descriptor.ts';
import { openPipe } from '../../system/pipe.ts';

/** What a program writes to, and what is read of it: its output, its errors, and the report of its processes, in this order. */
export class ProgramPipes implements Disposable {
  readonly #pipes = [openPipe(), openPipe(), openPipe()] as const;
  #sockets: readonly [Socket, Socket, Socket] | undefined;
  #areWriteEndsClosed = false;
  #isDisposed = false;

  /** For the program. */
  get writeEnds(): readonly [output: number, errors: number, reports: number] {
    const [output, errors, reports] = this.#pipes;
    return [output.writeEnd, errors.writeEnd, reports.writeEnd];
  }

  /** The program has its own by now; what is read ends when its processes have. */
  closeWriteEnds(): void {
    if (this.#areWriteEndsClosed) return;
    this.#areWriteEndsClosed = true;
    for (const fd of this.writeEnds) closeDescriptor(fd);
  }

  /** Where to read. To be destroyed by whoever reads, if it does not come to the end. */
  async sockets(): Promise<readonly [output: Socket, errors: Socket, reports: Socket]> {
    const { Socket: SocketClass } = await import('node:net');
    assert(!this.#isDisposed, 'what was closed is not read');
    const open = ({ readEnd }: { readonly readEnd: number }): Socket =>
      new SocketClass({ fd: readEnd, readable: true, writable: false });
    const [output, errors, reports] = this.#pipes;
    return (this.#sockets ??= [open(output), open(errors), open(reports)]);
  }

  /** For pipes that no program got. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    this.closeWriteEnds();
    if (this.#sockets) for (const socket of this.#sockets) socket.destroy();
    else for (const { readEnd } of this.#pipes) closeDescriptor(readEnd);
  }
}
