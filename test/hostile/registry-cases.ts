import { gzipSync } from 'node:zlib';
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { build, built, mustEnd } from './command-case.ts';
import { type HostileCase, must } from './hostile-case.ts';
import { describe, makeImage, sha256, types, type RawImage } from './image-layout.ts';
import { file, tarOf } from './raw-tar.ts';
import type { KilnRun, Rig } from './rig.ts';
import { serve, type HostileServer, type Misbehaviour } from './server.ts';

const tar = tarOf(file('a'), file('b', 'x'.repeat(100_000)));
const good = makeImage([{ tar, blob: gzipSync(tar) }]);

interface RegistryCase {
  readonly name: string;
  readonly image?: RawImage;
  /** What is special; undefined if it is answered as a registry does. */
  readonly answer?: (...all: Parameters<Misbehaviour>) => true | undefined;
  /** Of the manifest; other documents by digest. */
  readonly documents?: readonly string[];
  readonly expected: RegExp | 'right';
  readonly run?: KilnRun;
  readonly isLong?: boolean;
}

/** Something else for a part of an image. */
const instead =
  (
    part: 'manifests' | 'blobs',
    what: (response: Parameters<Misbehaviour>[1], count: number) => unknown,
    digest?: string,
  ) =>
  (...[request, response, count]: Parameters<Misbehaviour>): true | undefined => {
    const isIt = request.url?.includes(`/${part}/`) === true && (digest === undefined || request.url.endsWith(digest));
    if (!isIt) return undefined;
    what(response, count);
    return true;
  };

const config = sha256(good.config);
const layer = sha256(good.layers[0] ?? '');
const manifestOf = (more: object): RawImage => ({
  ...good,
  manifest: JSON.stringify({ ...(JSON.parse(good.manifest) as object), ...more }),
});
const index = (...manifests: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests });

/** What should not have been asked for: the expected error is not the one that comes of it. */
const unwanted = (response: Parameters<Misbehaviour>[1]) => response.writeHead(404).end();

const disk = (({ bavail, blocks, bsize }) => ({ free: bavail * bsize, total: blocks * bsize }))(statfsSync(tmpdir()));

/** Lists of lists, each of which has the next a thousand times. */
function nested(depth: number, wide: number): readonly string[] {
  const lists = [good.manifest];
  for (let level = 0; level < depth; level++) {
    const below = lists.at(-1) ?? '';
    const one = describe(below, level === 0 ? types.manifest : types.index);
    lists.push(index(...Array.from({ length: wide }, () => one)));
  }
  return lists.reverse();
}

const table: readonly RegistryCase[] = [
  { name: 'nothing but what is right', expected: 'right' },
  {
    name: 'a blob with another digest',
    answer: instead('blobs', (response) => response.end(Buffer.alloc(good.layers[0]?.length ?? 0)), layer),
    expected: /sent a wrong blob for sha256:\w+: its digest is/,
  },
  {
    name: 'a blob that is longer',
    answer: instead('blobs', (response) => response.end(Buffer.alloc(200_000)), layer),
    expected: /sent a wrong blob .* longer than/,
  },
  {
    name: 'a blob that is shorter',
    answer: instead('blobs', (response) => response.end('short'), layer),
    expected: /sent a wrong blob .* has only 5 bytes/,
  },
  {
    name: 'a blob that is empty',
    answer: instead('blobs', (response) => response.end(), layer),
    expected: /sent a wrong blob .* has only 0 bytes/,
  },
  {
    name: 'no blob',
    answer: instead('blobs', (response) => response.writeHead(404).end(), layer),
    expected: /not found/,
  },
  {
    name: 'no configuration',
    answer: instead('blobs', (response) => response.writeHead(404).end(), config),
    expected: /not found/,
  },
  {
    name: 'a configuration with another digest',
    answer: instead('blobs', (response) => response.end(good.config.replace('linux', 'lunix')), config),
    expected: /sent a wrong blob/,
  },
  {
    name: 'a configuration that is no JSON',
    image: {
      ...good,
      config: 'x'.repeat(100),
      manifest: JSON.stringify({ schemaVersion: 2, config: describe('x'.repeat(100), types.config), layers: [] }),
    },
    expected: /invalid JSON/,
  },
  {
    name: 'a configuration of a gigabyte',
    image: manifestOf({ config: { mediaType: types.config, digest: config, size: 2 ** 30 } }),
    expected: /configuration is longer than 8388608 bytes/,
  },
  {
    name: 'a configuration with a wrong size',
    image: manifestOf({ config: { mediaType: types.config, digest: config, size: 17 } }),
    expected: /longer than 17 bytes/,
  },
  {
    name: 'a configuration 100000 deep',
    image: makeImage([{ tar }], `"x":${'['.repeat(100_000)}${']'.repeat(100_000)},`),
    expected: /nested more than 1000 deep/,
  },
  {
    name: 'a negative size',
    image: manifestOf({ layers: [{ mediaType: types.layer, digest: layer, size: -1 }] }),
    expected: /size/,
  },
  {
    name: 'a size of 2 to the power of 70',
    image: manifestOf({ layers: [{ mediaType: types.layer, digest: layer, size: 2 ** 70 }] }),
    expected: /size/,
  },
  {
    name: 'a size of nine petabytes',
    image: manifestOf({ layers: [{ mediaType: types.layer, digest: layer, size: Number.MAX_SAFE_INTEGER }] }),
    answer: instead('blobs', unwanted),
    expected: /has 9007199254740991 bytes, the disk of the store has \d+ bytes in all/,
  },
  {
    name: 'layers that fit one by one only',
    image: manifestOf({
      layers: Array.from({ length: 1000 }, (_, at) => ({
        ...{ mediaType: types.layer, digest: sha256(String(at)), size: Math.ceil(disk.total / 500) },
      })),
    }),
    answer: instead('blobs', unwanted),
    expected: /its 1000 layers have \d+ bytes, the disk of the store has \d+ bytes in all/,
  },
  {
    name: 'a size for which the disk would have to be emptied',
    image: manifestOf({
      layers: [{ mediaType: types.layer, digest: layer, size: Math.floor((disk.free + disk.total) / 2) }],
    }),
    answer: instead('blobs', unwanted, layer),
    expected: /the disk of the store has \d+ bytes free/,
  },
  {
    name: 'a layer without end',
    answer: instead('blobs', (response) => setInterval(() => response.write(Buffer.alloc(1 << 20)), 5).unref(), layer),
    expected: /sent a wrong blob .* longer than/,
  },
  {
    name: 'a configuration without end',
    answer: instead('blobs', (response) => setInterval(() => response.write(Buffer.alloc(1 << 20)), 5).unref(), config),
    expected: /sent a wrong blob .* longer than/,
  },
  {
    name: 'an index with a manifest of a terabyte',
    documents: [index({ ...describe(good.manifest, types.manifest), size: 2 ** 40 })],
    expected: /the manifest sha256:\w+ is longer than 8388608 bytes/,
  },
  {
    name: 'an index with a wrong size',
    documents: [index({ ...describe(good.manifest, types.manifest), size: 17 })],
    expected: /sent a wrong manifest for sha256:\w+: it has \d+ bytes, not 17/,
  },
  {
    name: 'a digest that leads out',
    image: manifestOf({ layers: [{ mediaType: types.layer, digest: 'sha256:../../../../canary/file', size: 20 }] }),
    expected: /invalid digest|digest/,
  },
  {
    name: 'a digest of another kind',
    image: manifestOf({
      layers: [{ mediaType: types.layer, digest: 'md5:d41d8cd98f00b204e9800998ecf8427e', size: 20 }],
    }),
    expected: /digest/,
  },
  {
    name: 'more layers than the configuration knows',
    image: manifestOf({ layers: [describe('a', types.layer), describe('b', types.layer)] }),
    expected: /2 layers, the configuration 1/,
  },
  { name: 'layers that are no list', image: manifestOf({ layers: 'x' }), expected: /layers is not an array/ },
  {
    name: 'a manifest that is a list too',
    image: manifestOf({ manifests: [] }),
    expected: /neither a manifest nor an index/,
  },
  { name: 'a manifest of the first version', image: manifestOf({ schemaVersion: 1 }), expected: /schema version 2/ },
  {
    name: 'a manifest as a web page',
    answer: instead('manifests', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')),
    expected: /invalid JSON/,
  },
  {
    name: 'a manifest as an index',
    answer: instead('manifests', (response) =>
      response
        .writeHead(200, { 'content-type': types.index })
        .end(JSON.stringify({ ...JSON.parse(good.manifest), mediaType: undefined })),
    ),
    expected: /not what its media type/,
  },
  {
    name: 'a manifest of nine megabytes',
    answer: instead('manifests', (response) => response.end(Buffer.alloc(9 << 20, ' '))),
    expected: /failed to get the manifest/,
  },
  {
    name: 'a manifest of brackets',
    answer: instead('manifests', (response) => response.end('['.repeat(4 << 20))),
    expected: /invalid JSON/,
  },
  {
    name: 'a manifest without end',
    answer: instead('manifests', (response) => {
      if (response.req.method === 'HEAD') response.end();
      else setInterval(() => response.write(Buffer.alloc(1 << 20, ' ')), 5).unref();
    }),
    expected: /failed to get the manifest/,
  },
  {
    name: 'a manifest with another digest than it says',
    answer: instead('manifests', (response) =>
      response.writeHead(200, { 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end(good.manifest),
    ),
    expected: /sent a wrong manifest/,
  },
  {
    name: 'an index that names itself',
    documents: [index({ mediaType: types.index, digest: `sha256:${'1'.repeat(64)}`, size: 100 })],
    expected: /not found|wrong manifest/,
  },
  { name: 'an index of nothing', documents: [index()], expected: /no match for platform/ },
  { name: 'indexes nested 100 deep', documents: nested(100, 1), expected: /no match for platform/ },
  {
    name: 'indexes nested 5 deep, each a thousand times',
    documents: nested(5, 1000),
    expected: /no match for platform/,
  },
  { name: 'indexes nested 3 deep, each a thousand times', documents: nested(3, 1000), expected: 'right' },
  {
    name: 'an index of ten thousand images for nobody knows what',
    documents: [
      index(
        ...Array.from({ length: 10_000 }, (_, at) => ({
          mediaType: types.manifest,
          digest: sha256(String(at)),
          size: 100,
        })),
      ),
    ],
    expected: /not found/,
  },
  {
    name: 'a layer that is not what the configuration says',
    image: makeImage([{ tar, diffId: `sha256:${'2'.repeat(64)}` }]),
    expected: /is not sha256:2{64}/,
  },
  {
    name: 'a layer that is no tar',
    image: makeImage([{ tar: Buffer.alloc(2000, 'x') }]),
    expected: /invalid tar header/,
  },
  {
    name: 'a layer that is a manifest',
    image: makeImage([{ tar: Buffer.from(good.manifest) }]),
    expected: /unexpected end of archive|invalid tar header/,
  },
  {
    name: '416 for everything',
    answer: instead('blobs', (response) => response.writeHead(416).end(), layer),
    expected: /not found/,
  },
  {
    name: '206 that is not asked for',
    answer: instead(
      'blobs',
      (response) => response.writeHead(206, { 'content-range': 'bytes 5-9/10' }).end('x'.repeat(5)),
      layer,
    ),
    expected: /failed to download|wrong blob/,
    run: { limit: 90_000 },
  },
  {
    name: '429, and a second to wait',
    answer: (_, response, count) =>
      count < 3 ? (response.writeHead(429, { 'retry-after': '1' }).end(), true) : undefined,
    expected: 'right',
  },
  { name: '503 for ever', answer: (_, response) => (response.writeHead(503).end(), true), expected: /answered 503/ },
  {
    name: 'redirects without end',
    answer: (request, response) => (response.writeHead(307, { location: request.url }).end(), true),
    expected: /stopped after 10 redirects/,
  },
  {
    name: 'blobs in a file of this machine',
    answer: instead('blobs', (response) => response.writeHead(307, { location: 'file:///etc/passwd' }).end(), layer),
    expected: /unsupported protocol scheme/,
  },
  { name: 'a connection that breaks once', answer: breakOnce(), expected: 'right' },
  {
    name: 'a connection that breaks at every blob',
    answer: instead(
      'blobs',
      (response) =>
        response.writeHead(200, { 'content-length': good.layers[0]?.length ?? 0 }).write('x', () => response.destroy()),
      layer,
    ),
    expected: /failed to download|does not answer/,
    run: { limit: 120_000 },
  },
  {
    name: 'chunks of garbage',
    answer: (_, response) => (
      response.socket?.end('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'),
      true
    ),
    expected: /does not answer|failed/,
    run: { limit: 120_000 },
  },
  {
    name: 'a login that leads nowhere',
    answer: (_, response) => (response.writeHead(401, { 'www-authenticate': 'Bearer realm="x"' }).end(), true),
    expected: /names no service that gives tokens/,
  },
  {
    name: 'a login of a megabyte',
    answer: (_, response) => (response.writeHead(401, { 'www-authenticate': 'Basic '.repeat(2000) }).end(), true),
    expected: /access denied|does not answer/,
  },
  {
    name: 'a login for which there is no end',
    answer: (_, response) => (response.writeHead(401, { 'www-authenticate': 'Basic realm=x' }).end(), true),
    expected: /access denied/,
  },
];

function breakOnce(): NonNullable<RegistryCase['answer']> {
  let isBroken = false;
  return (request, response) => {
    if (isBroken || request.url?.endsWith(layer) !== true) return undefined;
    isBroken = true;
    const blob = good.layers[0] ?? Buffer.alloc(0);
    response.writeHead(200, { 'content-length': blob.length });
    response.write(blob.subarray(0, 100), () => setTimeout(() => response.destroy(), 200));
    return true;
  };
}

/** Registries that base images come from. */
export const registryCases: readonly HostileCase[] = [
  ...table.map((one) => ({
    name: `a registry that gives ${one.name}`,
    run: async (rig: Rig) => {
      await using server = await serveImage(one);
      const context = rig.context({ Dockerfile: `FROM ${server.domain}/image:1\n` });
      await build(rig, [context], one.expected, { limit: 60_000, ...one.run });
      if (one.expected === 'right') must((await built(rig)).get('a') === 'file x', () => 'the file is not there');
    },
  })),
  {
    name: 'a registry that gives a configuration 100000 deep, for an image',
    run: async (rig) => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const image = makeImage([{ tar }], `"history":[{"created_by":"x","y":${deep}}],"z":${deep},`);
      await using server = await serveImage({ name: '', image, expected: 'right' });
      const context = rig.context({ Dockerfile: `FROM ${server.domain}/image:1\nLABEL a=b\n` });
      mustEnd(
        await rig.kiln(['build', '-o', `type=oci,dest=${rig.path('out.tar')}`, context]),
        /nested more than 1000 deep/,
      );
    },
  },
  {
    name: 'a registry that gives a configuration with values of wrong types',
    run: async (rig) => {
      const config =
        '{"Env":5,"Cmd":{"a":1},"Labels":[],"User":null,"OnBuild":["FROM x"],"Healthcheck":"x","Volumes":3},"x":{';
      const image = makeImage([{ tar }], `"history":"x","created":[],"config":${config}},`);
      await using server = await serveImage({ name: '', image, expected: 'right' });
      const context = rig.context({ Dockerfile: `FROM ${server.domain}/image:1\nLABEL a=b\n` });
      mustEnd(await rig.kiln(['build', '-o', `type=oci,dest=${rig.path('out.tar')}`, context]), 'right');
    },
  },
  ...(['redirects', 'realm'] as const).map((how) => ({
    name: `a registry that wants a password sent elsewhere, by ${how}`,
    run: (rig: Rig) => stealPassword(rig, how),
  })),
];

async function serveImage({
  image = good,
  answer,
  documents = [image.manifest],
}: RegistryCase): Promise<HostileServer> {
  const blobs = new Map([image.config, ...image.layers].map((blob) => [sha256(blob), blob]));
  const all = new Map([...documents, image.manifest].map((text) => [sha256(text), text]));
  const [first = ''] = documents;
  return await serve((request, response, count) => {
    if (answer?.(request, response, count) === true) return;
    const [, part = '', name = ''] = /\/(manifests|blobs)\/(.*)$/.exec(request.url ?? '') ?? [];
    const content = part === 'blobs' ? blobs.get(name) : name === '1' ? first : all.get(name);
    if (content === undefined) response.writeHead(404).end();
    else sendPart(content, request, response);
  });
}

function sendPart(
  content: Uint8Array | string,
  request: Parameters<Misbehaviour>[0],
  response: Parameters<Misbehaviour>[1],
) {
  const bytes = Buffer.from(content);
  const [, from] = /bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  if (from === undefined) response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  else
    response
      .writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` })
      .end(bytes.subarray(Number(from)));
}

/** Another machine is another name here: both mean this one. */
async function stealPassword(rig: Rig, how: 'redirects' | 'realm'): Promise<void> {
  const stolen: string[] = [];
  await using thief = await serve((request, response) => {
    stolen.push(...[request.headers.authorization ?? []].flat());
    response.end('{"token":"t"}');
  });
  const elsewhere = `http://localhost:${thief.domain.split(':')[1] ?? ''}`;
  await using server = await serve((request, response) => {
    if (request.url?.startsWith('/token')) response.writeHead(307, { location: `${elsewhere}/token` }).end();
    else if (request.headers.authorization !== undefined)
      response.writeHead(307, { location: `${elsewhere}/blob` }).end();
    else {
      const realm = how === 'realm' ? elsewhere : `http://${request.headers.host ?? ''}/token`;
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}",service="s"` }).end();
    }
  });
  mkdirSync(rig.path('docker'));
  const auths = { [server.domain]: { auth: Buffer.from('me:password').toString('base64') } };
  writeFileSync(rig.path('docker/config.json'), JSON.stringify({ auths }));
  const context = rig.context({ Dockerfile: `FROM ${server.domain}/image:1\n` });
  const expected = how === 'realm' ? /wants the password to be sent to .* without encryption/ : /not told the password/;
  await build(rig, [context], expected, { env: { DOCKER_CONFIG: rig.path('docker') } });
  must(thief.requests.length > 0 === (how === 'redirects'), () => 'somebody came to the other server, or nobody');
  must(stolen.length === 0, () => `the other server was told ${stolen.join(', ')}`);
}
