import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Base } from './bases.ts';
import { findProgram, runCommand } from './command.ts';
import { startDaemon } from './daemon.ts';

/** A registry that has some images. */
export interface Registry {
  /** `host:port`, on the loopback interface. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts Debian's registry with its files in a folder and gives it an image. Throws if it is not installed. */
export async function startRegistry(folder: string, image: Base): Promise<Registry> {
  const program = await findProgram('docker-registry');
  if (program === undefined) throw new Error('docker-registry is missing: npm run bench:peers');
  mkdirSync(folder);
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, 'config.yml');
  const storage = JSON.stringify({ filesystem: { rootdirectory: join(folder, 'files') } });
  writeFileSync(config, `version: 0.1\nlog: {level: error}\nstorage: ${storage}\nhttp: {addr: "${address}"}\n`);
  const daemon = await startDaemon({ program, args: ['serve', config] }, join(folder, 'log'), async () => {
    await fetch(`http://${address}/v2/`);
  });
  const name = image.reference.slice(image.reference.lastIndexOf('/') + 1);
  const [from, to] = [`oci-archive:${image.archive}:${image.tag}`, `docker://${address}/${name}`];
  await runCommand({ program: 'skopeo', args: ['copy', '--quiet', '--dest-tls-verify=false', from, to] });
  return { address, stop: () => daemon.stop() };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
