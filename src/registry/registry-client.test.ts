import { randomBytes } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { parseDiffId, parseDigest } from '../spec/digest.ts';
import { parseReference } from '../spec/reference.ts';
import { blobContent } from './blob-content.ts';
import { pullLayers } from './pull-image.ts';
import { RegistryClient } from './registry-client.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { startServer } from './testing/odd-server.ts';
import type { Answer } from './testing/odd-server.ts';
import { digestOf } from './testing/test-image.ts';

const client = new RegistryClient({ env: {}, userAgent: 'kiln-test', backoff: 1 });
const content = randomBytes(100_000);
const blob = { mediaType: '', digest: digestOf(content), size: content.length };

afterAll(() => {
  client[Symbol.dispose]();
});

async function download(domain: string, wanted = blob): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const reference = parseReference(`${domain}/some/app`);
  for await (const chunk of blobContent({ client, reference, blob: wanted })) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Answers with a part that ends after 30 kB, as a connection that breaks. */
const breaking =
  (knowsRanges: boolean): Answer =>
  ({ headers }, response) => {
    const from = knowsRanges ? Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0) : 0;
    const length = headers.range === undefined || knowsRanges ? 30_000 : content.length;
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    response.write(content.subarray(from, from + length), () => {
      if (from + length >= content.length) response.end();
      else response.destroy();
    });
  };

test('A download that breaks is taken up where it broke', async () => {
  await using server = await startServer(breaking(true));
  expect((await download(server.domain)).equals(content)).toBe(true);
  expect(server.requests.length).toBe(4);
});

test('A server that knows no ranges sends it all again, and it is taken once', async () => {
  await using server = await startServer(breaking(false));
  expect((await download(server.domain)).equals(content)).toBe(true);
  expect(server.requests.length).toBe(2);
});

test('A server that is overloaded is asked again', async () => {
  let answers = 0;
  await using server = await startServer((_, response) => {
    response.writeHead([503, 429, 502][answers++] ?? 200).end(content);
  });
  expect((await download(server.domain)).equals(content)).toBe(true);
});

test('A server that is down for long is an error', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(503).end(JSON.stringify({ errors: [{ code: 'UNAVAILABLE', message: 'come back later' }] }));
  });
  await expect(download(server.domain)).rejects.toMatchObject({
    code: 'registry/failed',
    message: `${server.domain}/some/app: ${server.domain} answered 503: UNAVAILABLE: come back later`,
  });
  expect(server.requests.length).toBe(5);
});

test.each([
  ['other bytes', Buffer.alloc(content.length), 'its digest is sha256:'],
  ['more', Buffer.concat([content, content]), `it is longer than ${content.length} bytes`],
])('A blob with %s is refused and nothing of it kept', async (_, wrong, reason) => {
  await using server = await startServer((_, response) => {
    response.end(wrong);
  });
  const store = new MemoryStore();
  const reference = parseReference(`${server.domain}/some/app`);
  const layers = [{ descriptor: blob, diffId: parseDiffId(blob.digest) }];
  await expect(pullLayers({ client, reference, layers, store })).rejects.toThrow(
    `${server.domain}/some/app: the registry sent a wrong blob for ${blob.digest}: ${reason}`,
  );
  expect(store.blobs.size).toBe(0);
});

test('A blob without end is not written further than it should be', async () => {
  await using server = await startServer((_, response) => {
    const more = () => {
      if (!response.destroyed) response.write(content, more);
    };
    more();
  });
  let written = 0;
  const store = Object.assign(new MemoryStore(), {
    write: async (_: object, chunks: AsyncIterable<Uint8Array>) => {
      for await (const chunk of chunks) written += chunk.length;
    },
  });
  const reference = parseReference(`${server.domain}/some/app`);
  const layers = [{ descriptor: { ...blob, size: 250_000 }, diffId: parseDiffId(blob.digest) }];
  await expect(pullLayers({ client, reference, layers, store })).rejects.toThrow('it is longer than 250000 bytes');
  expect(written).toBeGreaterThan(0);
  expect(written).toBeLessThanOrEqual(250_000);
});

test('Layers for which there is no room are refused before anything is asked for', async () => {
  await using server = await startServer((_, response) => response.end(content));
  const reference = parseReference(`${server.domain}/some/app`);
  const layerOf = (digit: string, size: number) => {
    const digest = parseDigest(`sha256:${digit.repeat(64)}`);
    return { descriptor: { mediaType: '', digest, size }, diffId: parseDiffId(digest) };
  };
  const store = Object.assign(new MemoryStore(), { room: () => ({ free: 1000, total: 2000 }) });
  const pull = (...layers: readonly ReturnType<typeof layerOf>[]) => pullLayers({ client, reference, layers, store });
  await expect(pull(layerOf('1', 600), layerOf('2', 600))).rejects.toMatchObject({
    code: 'registry/no-room',
    message: `${server.domain}/some/app: its 2 layers have 1200 bytes, the disk of the store has 1000 bytes free`,
    hint: 'make room on the disk of the store, or name another place with --root or KILN_ROOT',
  });
  expect([server.requests, store.begun]).toEqual([[], []]);
  const twice = layerOf('3', 600);
  await expect(pull(twice, twice)).rejects.toMatchObject({ code: 'registry/blob-corrupt' });
  store.blobs.set(layerOf('1', 600).descriptor.digest, Buffer.alloc(600));
  await expect(pull(layerOf('1', 600), twice)).rejects.toMatchObject({ code: 'registry/blob-corrupt' });
});

test('A blob that has moved is fetched there, without the password', async () => {
  const seen: (string | undefined)[] = [];
  await using other = await startServer(({ headers }, response) => {
    seen.push(headers.authorization);
    response.end(content);
  });
  await using server = await startServer(({ headers }, response) => {
    if (headers.authorization === undefined) response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end();
    else response.writeHead(307, { location: `http://${other.domain}/elsewhere` }).end();
  });
  const credentials = (): Promise<{ username: string; password: string }> =>
    Promise.resolve({ username: 'me', password: 'secret' });
  using known = new RegistryClient({ env: {}, userAgent: 'kiln-test', credentials });
  const reference = parseReference(`${server.domain}/a`);
  const store = new MemoryStore();
  await pullLayers({
    client: known,
    reference,
    layers: [{ descriptor: blob, diffId: parseDiffId(blob.digest) }],
    store,
  });
  expect(store.blobs.size).toBe(1);
  expect(seen).toEqual([undefined]);
});

test('A registry that wants a token gets one, and the same for the next request', async () => {
  await using tokens = await startServer((_, response) => {
    response.end(JSON.stringify({ token: 'abc' }));
  });
  const challenge = `Bearer realm="http://${tokens.domain}/token",service="registry"`;
  await using server = await startServer(({ headers }, response) => {
    if (headers.authorization === 'Bearer abc') response.end(content);
    else response.writeHead(401, { 'www-authenticate': challenge }).end();
  });
  await download(server.domain);
  await download(server.domain);
  expect(tokens.requests).toEqual(['GET /token?service=registry&scope=repository%3Asome%2Fapp%3Apull']);
  expect(server.requests.length).toBe(3);
});

test('A token that is refused is an error', async () => {
  await using tokens = await startServer((_, response) => {
    response.writeHead(403).end();
  });
  await using server = await startServer((_, response) => {
    response.writeHead(401, { 'www-authenticate': `Bearer realm="http://${tokens.domain}/token"` }).end();
  });
  await expect(download(server.domain)).rejects.toMatchObject({ code: 'registry/unauthorized' });
});

test('A registry that redirects in a circle is an error', async () => {
  await using server = await startServer(({ url }, response) => {
    response.writeHead(302, { location: url }).end();
  });
  await expect(download(server.domain)).rejects.toThrow('stopped after 10 redirects');
});

test('A server that falls silent is given up', async () => {
  await using server = await startServer((_, response) => {
    response.write(content.subarray(0, 10));
  });
  using hasty = new RegistryClient({ env: {}, userAgent: 'kiln-test', backoff: 1, idleTimeout: 20 });
  const reference = parseReference(`${server.domain}/some/app`);
  const layers = [{ descriptor: blob, diffId: parseDiffId(blob.digest) }];
  await expect(pullLayers({ client: hasty, reference, layers, store: new MemoryStore() })).rejects.toMatchObject({
    code: 'registry/unreachable',
    message: `${server.domain}/some/app: failed to download ${blob.digest}: http://${server.domain}/v2/some/app/blobs/${blob.digest}: timed out`,
  });
});

test('A pull that is called off ends at once', async () => {
  await using server = await startServer((_, response) => {
    response.write(content.subarray(0, 10));
  });
  const reference = parseReference(`${server.domain}/some/app`);
  const stop = new AbortController();
  const store = new MemoryStore();
  const layers = [{ descriptor: blob, diffId: parseDiffId(blob.digest) }];
  const onProgress = ({ received }: { received: number }): void => {
    if (received > 0) stop.abort(new Error('called off'));
  };
  const pull = pullLayers({ client, reference, layers, store, onProgress, signal: stop.signal });
  await expect(pull).rejects.toThrow('called off');
  expect(store.blobs.size).toBe(0);
});
