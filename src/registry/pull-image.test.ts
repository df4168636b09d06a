import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseReference } from '../spec/reference.ts';
import { dockerCredentials } from './docker-credentials.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { pullImage } from './pull-image.ts';
import type { PullProgress } from './pull-image.ts';
import { RegistryClient } from './registry-client.ts';
import { resolveImage } from './resolve-image.ts';
import { MemoryStore } from './testing/memory-store.ts';
import { hasRegistryServer, skipReason, startRegistry } from './testing/registry-server.ts';
import type { RegistryServer } from './testing/registry-server.ts';
import { describe as descriptorOf, makeBlob, makeImage, push, pushManifest } from './testing/test-image.ts';

const platform = { os: 'linux', architecture: 'amd64' };
const client = new RegistryClient({ env: {}, userAgent: 'kiln-test', backoff: 1 });
const amd64 = makeImage([randomBytes(3_000_000), randomBytes(10), randomBytes(1_000_000), randomBytes(20)]);
const arm64 = makeImage([randomBytes(30)], 'arm64');
const index = makeBlob(
  {
    schemaVersion: 2,
    mediaType: mediaTypes.oci.index,
    manifests: [
      { ...descriptorOf(arm64.manifest), platform: { os: 'linux', architecture: 'arm64', variant: 'v8' } },
      { ...descriptorOf(amd64.manifest), platform },
    ],
  },
  mediaTypes.oci.index,
);

describe.skipIf(!hasRegistryServer)(`With a registry${skipReason}`, () => {
  let server: RegistryServer;
  const named = (name: string) => parseReference(`${server.domain}/some/app${name}`);

  beforeAll(async () => {
    server = await startRegistry();
    const url = `http://${server.domain}/v2/some/app`;
    await push(url, 'amd', amd64);
    await push(url, 'arm', arm64);
    await pushManifest(url, 'latest', index);
  });

  afterAll(async () => {
    client[Symbol.dispose]();
    await server[Symbol.asyncDispose]();
  });

  test('an image is pulled for its platform, with all its parts', async () => {
    const store = new MemoryStore();
    const progress: PullProgress[] = [];
    const reference = named(':latest');
    const image = await pullImage({ client, reference, platform, store, onProgress: (event) => progress.push(event) });
    expect(image.target.digest).toBe(index.digest);
    expect(image.manifest).toMatchObject({ digest: amd64.manifest.digest, mediaType: mediaTypes.oci.manifest });
    expect(Buffer.from(image.config)).toEqual(amd64.config.bytes);
    expect(image.layers.map(({ descriptor }) => descriptor.digest)).toEqual(amd64.layers.map(({ digest }) => digest));
    for (const blob of [index, amd64.manifest, amd64.config, ...amd64.layers]) {
      expect(store.blobs.get(blob.digest)?.length).toBe(blob.bytes.length);
    }
    expect(store.blobs.size).toBe(7);
    expect(progress.filter(({ state }) => state === 'done').length).toBe(4);
  });

  test('what the store has is not pulled again', async () => {
    const store = new MemoryStore();
    await pullImage({ client, reference: named(':latest'), platform, store });
    store.begun.length = 0;
    const states: string[] = [];
    const onProgress = ({ state }: PullProgress): number => states.push(state);
    await pullImage({ client, reference: named(`@${index.digest}`), platform, store, onProgress });
    expect(store.begun).toEqual([]);
    expect(states).toEqual(['exists', 'exists', 'exists', 'exists']);
  });

  test('resolving leaves the layers where they are', async () => {
    const store = new MemoryStore();
    const image = await resolveImage({ client, reference: named(':arm'), platform, store });
    expect(image.target).toEqual(image.manifest);
    expect([...store.blobs.keys()]).toEqual([arm64.manifest.digest, arm64.config.digest]);
  });

  test('a tag that is not there is an error that says where it was looked for', async () => {
    await expect(
      resolveImage({ client, reference: named(':no'), platform, store: new MemoryStore() }),
    ).rejects.toMatchObject({
      code: 'registry/not-found',
      message: `${server.domain}/some/app:no: not found`,
      hint: `tried ${server.domain}; are name and tag right?`,
    });
  });

  test('a platform that is not there is an error that names those that are', async () => {
    const wanted = { os: 'linux', architecture: 's390x' };
    const store = new MemoryStore();
    await expect(resolveImage({ client, reference: named(''), platform: wanted, store })).rejects.toMatchObject({
      code: 'registry/platform-missing',
      message: `${server.domain}/some/app: no match for platform in manifest ${index.digest}: not found`,
      hint: 'linux/s390x is wanted, there is linux/arm64/v8, linux/amd64',
    });
  });
});

describe.skipIf(!hasRegistryServer)(`With a registry that wants a password${skipReason}`, () => {
  let server: RegistryServer;
  let directory: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'kiln-login-'));
    const hash = '$2b$04$pNPWVfUKhjUM.h2lAysulunSpLWLSM48I2Is2/5yfsoRPwDPKSIPC';
    writeFileSync(join(directory, 'htpasswd'), `me:${hash}\n`);
    server = await startRegistry(`auth: {htpasswd: {realm: test, path: ${directory}/htpasswd}}`);
    const auth = Buffer.from('me:secret').toString('base64');
    writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [server.domain]: { auth } } }));
    await push(`http://${server.domain}/v2/a`, 'latest', arm64, `Basic ${auth}`);
  });

  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    rmSync(directory, { recursive: true });
  });

  test('nobody gets nothing', async () => {
    const reference = parseReference(`${server.domain}/a:latest`);
    await expect(resolveImage({ client, reference, platform, store: new MemoryStore() })).rejects.toMatchObject({
      code: 'registry/unauthorized',
      message: `${server.domain}/a:latest: pull access denied, repository does not exist or may require authorization`,
    });
  });

  test('who is logged in gets the image', async () => {
    const credentials = dockerCredentials({ DOCKER_CONFIG: directory });
    using known = new RegistryClient({ env: {}, userAgent: 'kiln-test', credentials });
    const store = new MemoryStore();
    await pullImage({ client: known, reference: parseReference(`${server.domain}/a`), platform, store });
    expect(store.blobs.has(arm64.layers[0]?.digest ?? '')).toBe(true);
  });
});

test('A registry that is not there is an error', async () => {
  const reference = parseReference('127.0.0.1:1/a');
  await expect(resolveImage({ client, reference, platform, store: new MemoryStore() })).rejects.toMatchObject({
    code: 'registry/unreachable',
    message:
      '127.0.0.1:1/a: the registry does not answer: http://127.0.0.1:1/v2/a/manifests/latest: connection refused',
  });
});
