import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReference } from '../spec/reference.ts';
import { HttpClient } from './http-client.ts';
import { NetworkError } from './network-error.ts';
import { readAll } from './read-all.ts';
import { RegistryClient } from './registry-client.ts';
import { startServer } from './testing/odd-server.ts';

const options = { env: {}, userAgent: 'kiln-test' };
const client = new HttpClient(options);

afterAll(() => {
  client[Symbol.dispose]();
});

async function textAt(from: HttpClient, url: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const response = await from.request({ url, headers });
  return new TextDecoder().decode(await readAll(response.body, url, 1000));
}

test('It says who it is, and what it was told to say', async () => {
  await using server = await startServer(({ headers }, response) => {
    response.end(`${headers['user-agent']} ${headers.accept}`);
  });
  expect(await textAt(client, `http://${server.domain}/`, { accept: 'text/x' })).toBe('kiln-test text/x');
});

test('A redirect is followed, relative ones too; credentials only stay where they were meant to go', async () => {
  await using other = await startServer(({ headers }, response) => response.end(String(headers.authorization)));
  await using server = await startServer(({ url = '', headers }, response) => {
    const location = { '/a': 'b', '/c': `http://${other.domain}/` }[url];
    if (location === undefined) response.end(headers.authorization);
    else response.writeHead(302, { location }).end();
  });
  expect(await textAt(client, `http://${server.domain}/a`, { authorization: 'me' })).toBe('me');
  expect(await textAt(client, `http://${server.domain}/c`, { authorization: 'me' })).toBe('undefined');
});

test.each([
  ['file:///etc/passwd', 'unsupported protocol scheme file'],
  ['no url', 'no url: invalid URL'],
  ['http://127.0.0.1:1/', 'http://127.0.0.1:1/: connection refused'],
  ['http://no-such-host.invalid/', /no such host|looked up/],
])('%s is refused', async (url, message) => {
  await expect(client.request({ url })).rejects.toThrow(message);
  await expect(client.request({ url })).rejects.toBeInstanceOf(NetworkError);
});

test('A redirect to a file is refused', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(302, { location: 'file:///etc/passwd' }).end();
  });
  await expect(client.request({ url: `http://${server.domain}/` })).rejects.toThrow('unsupported protocol scheme file');
});

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const knowsProxies = major > 24 || (major === 24 && minor >= 5) || (major === 22 && minor >= 21);

test.skipIf(!knowsProxies)('A proxy of the environment is used, but not where it is not to be', async () => {
  await using proxy = await startServer(({ url }, response) => response.end(`by proxy: ${url}`));
  await using server = await startServer((_, response) => response.end('directly'));
  const env = { HTTP_PROXY: `http://${proxy.domain}`, NO_PROXY: '127.0.0.1' };
  using proxied = new HttpClient({ ...options, env });
  expect(await textAt(proxied, 'http://host.test/a')).toBe('by proxy: http://host.test/a');
  expect(await textAt(proxied, `http://${server.domain}/a`)).toBe('directly');
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasOpenssl)(`With TLS${hasOpenssl ? '' : ' (skipped: openssl is not installed)'}`, () => {
  let directory: string;
  let certificate: string;
  let server: Server;
  let domain: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kiln-tls-'));
    const files = ['-keyout', join(directory, 'key'), '-out', join(directory, 'cert')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
      stdio: 'ignore',
    });
    certificate = readFileSync(join(directory, 'cert'), 'utf8');
    server = createServer({ key: readFileSync(join(directory, 'key')), cert: certificate }, (_, response) => {
      response.end('secure');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    domain = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(directory, { recursive: true });
  });

  test('a server is believed whose authority is known', async () => {
    using trusting = new HttpClient({ ...options, certificates: [certificate] });
    expect(await textAt(trusting, `https://${domain}/`)).toBe('secure');
  });

  test('a server is not believed that nobody vouches for', async () => {
    await expect(client.request({ url: `https://${domain}/` })).rejects.toThrow('self-signed certificate');
  });

  test('a registry on this machine is found to want it', async () => {
    using trusting = new RegistryClient({ ...options, certificates: [certificate] });
    const response = await trusting.request({ reference: parseReference(`${domain}/a`), path: 'manifests/b' });
    expect(response.url).toBe(`https://${domain}/v2/a/manifests/b`);
    response.body.destroy();
  });
});
