import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A registry on this machine, for tests. */
export interface RegistryServer extends AsyncDisposable {
  /** Host and port. */
  readonly domain: string;
}

/** Whether Debian's docker-registry is installed. */
export const hasRegistryServer = spawnSync('docker-registry', ['--version']).status === 0;

export const skipReason = hasRegistryServer ? '' : ' (skipped: docker-registry is not installed)';

/** A registry with nothing in it. `auth` is added to its configuration, YAML. */
export async function startRegistry(auth = ''): Promise<RegistryServer> {
  const directory = mkdtempSync(join(tmpdir(), 'kiln-registry-'));
  const port = await freePort();
  const config = join(directory, 'config.yml');
  const lines = [
    'version: 0.1',
    `storage: {filesystem: {rootdirectory: ${directory}/data}, delete: {enabled: true}}`,
    `http: {addr: '127.0.0.1:${port}'}`,
    'log: {accesslog: {disabled: true}, level: error}',
    auth,
  ];
  writeFileSync(config, lines.join('\n'));
  const child = spawn('docker-registry', ['serve', config], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve();
    }),
  );
  const domain = `127.0.0.1:${port}`;
  await untilItAnswers(`http://${domain}/v2/`);
  return {
    domain,
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      rmSync(directory, { recursive: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const response = await fetch(url).catch(() => undefined);
    await response?.arrayBuffer();
    if (response) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${url} does not answer`);
}
