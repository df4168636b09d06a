import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openContentStore } from '../content/store.ts';
import type { ContentStore } from '../content/store.ts';
import { HttpClient } from '../registry/http-client.ts';
import { startServer } from '../registry/testing/odd-server.ts';
import type { Answer } from '../registry/testing/odd-server.ts';
import { digestOf } from '../registry/testing/test-image.ts';
import { defaultUnpackLimits } from '../system/unpack-limits.ts';
import { fetchHttp } from './http.ts';
import type { HttpFile, HttpSourceOptions } from './http.ts';

const client = new HttpClient({ env: {}, userAgent: 'kiln-test' });
const hello = Buffer.from('hello\n');
let root: string;
let store: ContentStore;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'kiln-http-'));
  store = openContentStore(root);
});

afterEach(() => {
  store[Symbol.dispose]();
  rmSync(root, { recursive: true });
});

function get(url: string, checksum = '', options: Partial<HttpSourceOptions> = {}): Promise<HttpFile> {
  return fetchHttp({ kind: 'http', url, checksum }, { client, store, backoff: 1, ...options });
}

const limitedTo = (bytes: number) => ({ ...defaultUnpackLimits, bytes });

/** Answers as a server of files does. */
const file =
  (headers: Readonly<Record<string, string>>, content = hello): Answer =>
  (request, response) => {
    const { etag, 'last-modified': time } = headers;
    const isSame = etag !== undefined && (request.headers['if-none-match'] ?? '').includes(etag.replace('W/', ''));
    const isOld = time !== undefined && request.headers['if-modified-since'] === time;
    response.writeHead(isSame || isOld ? 304 : 200, headers).end(isSame || isOld ? undefined : content);
  };

test('A file from the web is private, and as old as the server says', async () => {
  const time = 'Wed, 21 Oct 2015 07:28:00 GMT';
  await using server = await startServer(file({ 'last-modified': time }));
  const found = await get(`http://${server.domain}/some/a%20file.txt?x=y`);
  expect(found).toMatchObject({ filename: 'a file.txt', digest: digestOf(hello), lastModified: 1445412480 });
  expect(readdirSync(found.directory)).toEqual(['a file.txt']);
  const { mode, mtimeMs } = statSync(join(found.directory, 'a file.txt'));
  expect([mode & 0o7777, mtimeMs]).toEqual([0o600, 1445412480000]);
  expect(readFileSync(join(found.directory, 'a file.txt'))).toEqual(hello);
});

test('Without a name and a time, it is called __unnamed__ and as old as can be', async () => {
  await using server = await startServer(file({}));
  const { filename, directory } = await get(`http://${server.domain}`);
  expect(filename).toBe('__unnamed__');
  expect(statSync(join(directory, filename)).mtimeMs).toBe(0);
});

test('What has the same tag is not downloaded again', async () => {
  await using server = await startServer(file({ etag: 'W/"1"' }));
  const first = await get(`http://${server.domain}/a`);
  expect(await get(`http://${server.domain}/a`)).toEqual({ ...first, isNew: false });
  expect(server.requests).toEqual(['GET /a', 'HEAD /a']);
});

test('What is not newer is not downloaded again', async () => {
  await using server = await startServer(file({ 'last-modified': 'Wed, 21 Oct 2015 07:28:00 GMT' }));
  const first = await get(`http://${server.domain}/a`);
  expect(await get(`http://${server.domain}/a`)).toEqual({ ...first, isNew: false });
});

test('What has changed is downloaded, and has another key', async () => {
  let version = 0;
  await using server = await startServer((request, response) => {
    file({ etag: `"${version}"` }, Buffer.from(`${version}`))(request, response);
  });
  const first = await get(`http://${server.domain}/a`);
  version++;
  const second = await get(`http://${server.domain}/a`);
  expect(second.key).not.toBe(first.key);
  expect(readFileSync(join(second.directory, 'a'), 'utf8')).toBe('1');
});

test('Of two files that differ only in their time, each has a key', async () => {
  let day = 10;
  await using server = await startServer((request, response) => {
    file({ 'last-modified': `Wed, ${day++} Oct 2015 07:28:00 GMT` })(request, response);
  });
  const first = await get(`http://${server.domain}/a`);
  expect((await get(`http://${server.domain}/a`)).key).not.toBe(first.key);
});

test('With a checksum, the server is asked only once', async () => {
  await using server = await startServer(file({}));
  await get(`http://${server.domain}/a`, digestOf(hello));
  await get(`http://${server.domain}/a`, digestOf(hello));
  expect(server.requests).toEqual(['GET /a']);
});

test('A wrong checksum is an error, and nothing remains', async () => {
  await using server = await startServer(file({ etag: '"1"' }));
  const wrong = digestOf(Buffer.from('else'));
  await expect(get(`http://${server.domain}/a`, wrong)).rejects.toMatchObject({
    code: 'source/digest-mismatch',
    message: `digest mismatch ${digestOf(hello)}: ${wrong}`,
  });
  expect(readdirSync(root)).not.toContain('http');
});

test.each([404, 403, 500, 304])('The status %i is an error', async (status) => {
  await using server = await startServer((_, response) => {
    response.writeHead(status).end('no such file');
  });
  await expect(get(`http://${server.domain}/a`)).rejects.toThrow(`invalid response status ${status}`);
});

test('A server that is not there is an error', async () => {
  await expect(get('http://me:secret@127.0.0.1:1/a?key=1')).rejects.toMatchObject({
    code: 'source/http-failed',
    message: 'failed to download http://127.0.0.1:1/a: connection refused',
  });
});

test('A transfer that breaks off is tried again, and never kept', async () => {
  let isBroken = true;
  await using server = await startServer((_, response) => {
    response.writeHead(200, { 'content-length': hello.length });
    response.write(hello.subarray(0, 2), () => {
      if (isBroken) response.destroy();
      else response.end(hello.subarray(2));
      isBroken = false;
    });
  });
  expect((await get(`http://${server.domain}/a`)).digest).toBe(digestOf(hello));
});

test('What was packed for the way is unpacked', async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(hello));
  });
  expect((await get(`http://${server.domain}/a`)).digest).toBe(digestOf(hello));
});

test('A file may be too large', async () => {
  await using server = await startServer(file({}));
  await expect(get(`http://${server.domain}/a`, '', { limits: limitedTo(5) })).rejects.toThrow(
    '/a is larger than 5 bytes',
  );
  expect((await get(`http://${server.domain}/a`, '', { limits: limitedTo(6) })).digest).toBe(digestOf(hello));
});

test('Two who want the same at once download it once', async () => {
  await using server = await startServer(file({ etag: '"1"' }));
  await Promise.all([get(`http://${server.domain}/a`), get(`http://${server.domain}/a`)]);
  expect(server.requests.filter((request) => request.startsWith('GET')).length).toBe(1);
});
