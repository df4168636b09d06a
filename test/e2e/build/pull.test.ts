import { randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe as suite, expect, it, onTestFinished } from 'vitest';
import { tarOf } from '../../../src/content/testing.ts';
import { makeImage, type TestBlob } from '../../../src/registry/testing/test-image.ts';
import { canBuild, cannotBuild, newContext, newStore, startKiln, useBuildRig } from './build-rig.ts';

suite.skipIf(!canBuild)(`A build upon an image of a registry${cannotBuild}`, () => {
  useBuildRig();

  const noise = randomBytes(3_000_000);
  const image = makeImage([
    tarOf({ 'one/noise': noise, 'one/a': 'a' }),
    tarOf({ 'two/b': 'b', 'one/.wh.a': '' }),
    tarOf({ 'three/c': 'c' }),
  ]);
  const [lowest] = image.layers;

  it('fetches its layers side by side, and unpacks them in their order', async () => {
    const others = Promise.withResolvers<undefined>();
    let waiting = 2;
    const registry = await serve(async (blob, answer) => {
      if (blob === lowest) {
        answer.write(blob.bytes.subarray(0, 1_000_000));
        // Whoever fetched one after the other would wait for ever.
        await others.promise;
        answer.end(blob.bytes.subarray(1_000_000));
        return;
      }
      answer.end(blob.bytes);
      if (image.layers.includes(blob) && --waiting === 0) others.resolve(undefined);
    });
    const { outcome, store } = await buildUpon(
      registry,
      'test -e /from/one/noise -a ! -e /from/one/a -a -e /from/three/c',
    );
    expect(outcome).toMatchObject({ code: 0 });
    expect(readdirSync(join(store, 'blobs', 'sha256'))).toEqual(
      expect.arrayContaining(image.layers.map(({ digest }) => digest.replace('sha256:', ''))),
    );
  });

  it('says that the registry is wrong, not the layer, and keeps nothing of it', async () => {
    const registry = await serve((blob, answer) => {
      const bytes = Buffer.from(blob.bytes);
      if (blob === lowest) bytes.fill(0, 500_000, 600_000);
      answer.end(bytes);
    });
    const { outcome, store } = await buildUpon(registry, 'true');
    expect(outcome.code).not.toBe(0);
    expect(outcome.err).toContain(`the registry sent a wrong blob for ${lowest?.digest ?? ''}`);
    expect(readdirSync(join(store, 'blobs', 'sha256'))).not.toContain(lowest?.digest.replace('sha256:', ''));
    expect(readdirSync(join(store, 'tmp'))).toEqual([]);
  });

  /** Answers with blobs, as it is told to. */
  async function serve(send: (blob: TestBlob, answer: ServerResponse) => unknown): Promise<string> {
    const blobs = [image.manifest, image.config, ...image.layers];
    const server = createServer((request, answer) => {
      const name = request.url?.split('/').at(-1) ?? '';
      const blob = name === 'latest' ? image.manifest : blobs.find(({ digest }) => digest === name);
      if (!blob) {
        answer.writeHead(request.url === '/v2/' ? 200 : 404).end();
        return;
      }
      answer.writeHead(200, {
        'content-type': blob.mediaType,
        'content-length': blob.bytes.length,
        'docker-content-digest': blob.digest,
      });
      if (request.method === 'HEAD') answer.end();
      else void send(blob, answer);
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  async function buildUpon(registry: string, command: string) {
    const store = newStore();
    const context = newContext({
      Dockerfile: `FROM ${registry}/image:latest AS image
FROM busybox
RUN --mount=from=image,target=/from ${command}
`,
    });
    const { ended } = startKiln(['build', '--progress', 'plain', '-o', 'type=cacheonly', context], { store });
    return { outcome: await ended, store };
  }
});
