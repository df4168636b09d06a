import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSocketServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A server that a case makes misbehave. */
export interface HostileServer extends AsyncDisposable {
  /** Host and port. */
  readonly domain: string;
  readonly requests: readonly IncomingMessage[];
}

/** `count` is that of the request, from 1 on. */
export type Misbehaviour = (request: IncomingMessage, response: ServerResponse, count: number) => void;

export async function serve(answer: Misbehaviour): Promise<HostileServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    response.on('error', () => undefined);
    answer(request, response, requests.length);
  });
  return await listen(server, requests);
}

/** One that does not even speak HTTP as it should. */
export async function serveBytes(answer: (socket: Socket) => void): Promise<HostileServer> {
  const server = createSocketServer((socket) => {
    socket
      .on('error', () => undefined)
      .once('data', () => {
        answer(socket);
      });
  });
  return await listen(server, []);
}

async function listen(server: Server, requests: readonly IncomingMessage[]): Promise<HostileServer> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('close', () => open.delete(socket)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    domain: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}
