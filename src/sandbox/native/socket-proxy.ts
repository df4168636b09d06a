import { chmodSync, chownSync } from 'node:fs';
import type { Socket } from 'node:net';

export interface SocketProxyRequest {
  /** The socket to connect to. */
  readonly source: string;
  /** Where to listen. */
  readonly path: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** A socket that leads to another, which need not let everybody in whom this one does. */
export async function openSocketProxy({ source, path, mode, uid, gid }: SocketProxyRequest): Promise<AsyncDisposable> {
  const { connect, createServer } = await import('node:net');
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.once('close', () => open.delete(socket)).on('error', () => socket.destroy());
  };
  const server = createServer((client) => {
    const target = keep(connect(source));
    keep(client).pipe(target).pipe(client);
    // Either end takes the other with it.
    target.once('close', () => client.destroy());
    client.once('close', () => target.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(path, resolve);
  });
  chmodSync(path, mode);
  chownSync(path, uid, gid);
  return {
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
