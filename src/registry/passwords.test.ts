import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReference } from '../spec/reference.ts';
import { HttpClient } from './http-client.ts';
import { RegistryClient } from './registry-client.ts';
import { startServer, type Answer } from './testing/odd-server.ts';

/* Who is told a password, and who is not. 127.0.0.1 and localhost are two machines here. */

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const password = `Basic ${Buffer.from('me:secret').toString('base64')}`;

const sendTo =
  (location: () => string): Answer =>
  (_, response) => {
    response.writeHead(307, { location: location() }).end();
  };

/** Wants a token of a service, and is content with any. */
const wanting =
  (realm: () => string): Answer =>
  ({ headers }, response) => {
    if (headers.authorization === 'Bearer abc') response.end('{}');
    else response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm()}",service="s"` }).end();
  };

describe.skipIf(!hasOpenssl)(`A password${hasOpenssl ? '' : ' (skipped: openssl is not installed)'}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-tls-'));
  const [key, certificate] = [join(folder, 'key'), join(folder, 'certificate')];

  beforeAll(() => {
    const files = ['-keyout', key, '-out', certificate];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
      stdio: 'ignore',
    });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Notes what it is told as a password. */
  async function startService(answer: Answer, isSecure = true) {
    const told: (string | undefined)[] = [];
    const listen: Answer = (request, response) => {
      told.push(request.headers.authorization);
      answer(request, response);
    };
    if (!isSecure) {
      const server = await startServer(listen);
      return Object.assign(server, { told, port: server.domain.split(':')[1] ?? '' });
    }
    const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, listen);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const stop = async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    };
    return { told, port: String((server.address() as AddressInfo).port), [Symbol.asyncDispose]: stop };
  }

  const token: Answer = (_, response) => {
    response.end('{"token":"abc"}');
  };

  async function ask(port: string, more: { readonly hasPassword?: boolean } = {}): Promise<number> {
    using client = new RegistryClient({
      ...{ env: {}, userAgent: 'kiln-test', certificates: [readFileSync(certificate, 'utf8')], backoff: 1 },
      credentials: () =>
        Promise.resolve(more.hasPassword === false ? undefined : { username: 'me', password: 'secret' }),
    });
    const reference = parseReference(`127.0.0.1:${port}/a`);
    const { status, body } = await client.request({ reference, path: 'manifests/b' });
    body.destroy();
    return status;
  }

  test('is told to the service that the registry names, on another machine too, if that is asked over TLS', async () => {
    await using service = await startService(token);
    await using registry = await startService(wanting(() => `https://localhost:${service.port}/token`));
    expect(await ask(registry.port)).toBe(200);
    expect(service.told).toEqual([password]);
    expect(registry.told).toEqual([undefined, 'Bearer abc']);
  });

  test('is told to nobody on another machine without TLS, who is not even asked then', async () => {
    await using service = await startService(token, false);
    await using registry = await startService(wanting(() => `http://localhost:${service.port}/token`));
    await expect(ask(registry.port)).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: `no access to 127.0.0.1:${registry.port}/a: it wants the password to be sent to http://localhost:${service.port}, without encryption`,
      hint: `tokens have to come from an https address; without a password: docker logout 127.0.0.1:${registry.port}`,
    });
    expect(service.told).toEqual([]);
  });

  test('that one does not have keeps nobody from asking such a service', async () => {
    await using service = await startService(token, false);
    await using registry = await startService(wanting(() => `http://localhost:${service.port}/token`));
    expect(await ask(registry.port, { hasPassword: false })).toBe(200);
    expect(service.told).toEqual([undefined]);
  });

  test.each(['http', 'https'])(
    'does not go along when the service redirects to another machine (%s)',
    async (scheme) => {
      await using thief = await startService(token, scheme === 'https');
      const elsewhere = () => `${scheme}://localhost:${thief.port}`;
      await using service = await startService(sendTo(() => `${elsewhere()}/token`));
      await using registry = await startService(wanting(() => `https://127.0.0.1:${service.port}/token`));
      await expect(ask(registry.port)).rejects.toThrow(
        `no access to 127.0.0.1:${registry.port}/a: the token service 127.0.0.1:${service.port} redirects to ${elsewhere()}, which is not told the password`,
      );
      expect(service.told).toEqual([password]);
      expect(thief.told).toEqual([undefined]);
    },
  );

  test('goes along when the service redirects within its machine', async () => {
    await using service = await startService((request, response) => {
      (request.url?.startsWith('/token') === true ? sendTo(() => '/other') : token)(request, response);
    });
    await using registry = await startService(wanting(() => `https://localhost:${service.port}/token`));
    expect(await ask(registry.port)).toBe(200);
    expect(service.told).toEqual([password, password]);
  });

  test('is not told because somebody asks for it to whom the registry redirects', async () => {
    await using service = await startService(token);
    await using other = await startService(wanting(() => `https://localhost:${service.port}/token`));
    await using registry = await startService(sendTo(() => `https://localhost:${other.port}/blob`));
    await expect(ask(registry.port)).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: `no access to 127.0.0.1:${registry.port}/a: it redirects to localhost:${other.port}, which wants a login of its own`,
    });
    expect([...service.told, ...other.told, ...registry.told]).toEqual([undefined, undefined]);
  });

  test('that is meant for this machine is not told to a proxy', async () => {
    await using proxy = await startService(token, false);
    await using server = await startService((_, response) => response.end('directly'), false);
    using client = new HttpClient({ env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` }, userAgent: 'kiln-test' });
    const url = `http://127.0.0.1:${server.port}/`;
    const { body } = await client.request({ url, headers: { authorization: password } });
    body.destroy();
    expect([proxy.told, server.told]).toEqual([[], [password]]);
  });
});
