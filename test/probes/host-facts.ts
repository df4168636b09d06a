import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import type { HostFacts } from './probe.ts';

/** Puts things on this machine for steps to find: a file, a process, servers. They are gone when it is disposed of. */
export class HostBait implements AsyncDisposable {
  readonly facts: HostFacts;
  readonly #servers: readonly Server[];
  readonly #process: ReturnType<typeof spawn>;

  private constructor(facts: HostFacts, servers: readonly Server[], process: ReturnType<typeof spawn>) {
    this.facts = facts;
    this.#servers = servers;
    this.#process = process;
  }

  static async put(directory: string): Promise<HostBait> {
    const file = join(directory, 'bait');
    writeFileSync(file, 'of the host\n');
    const abstractSocket = `kiln-probe-${process.pid}`;
    const [loopback, abstract] = [createServer(), createServer()];
    await listen(loopback, { host: '127.0.0.1', port: 0 });
    await listen(abstract, { path: `\0${abstractSocket}` });
    const address = loopback.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const bait = spawn('sleep', ['1000'], { stdio: 'ignore' });
    const processId = bait.pid ?? 0;
    return new HostBait({ file, processId, port, abstractSocket }, [loopback, abstract], bait);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    for (const server of this.#servers) await new Promise((done) => server.close(done));
  }
}

async function listen(server: Server, where: object): Promise<void> {
  await new Promise<void>((done, fail) => {
    server.once('error', fail).listen(where, done);
  });
}
