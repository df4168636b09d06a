import { describe, expect, it } from 'vitest';
import { parseDigest } from './digest.ts';
import { formatManifest, parseManifest } from './manifest.ts';

const digest = parseDigest(`sha256:${'ab'.repeat(32)}`);
const config = { mediaType: 'application/vnd.oci.image.config.v1+json', digest, size: 2 };

describe('formatManifest', () => {
  it('writes a manifest as BuildKit does', () => {
    const layer = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size: 7 };
    const text = formatManifest({
      kind: 'manifest',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config,
      layers: [layer],
      annotations: { b: '<&>', a: '1' },
    });
    expect(text).toBe(`{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.oci.image.config.v1+json",
    "digest": "${digest}",
    "size": 2
  },
  "layers": [
    {
      "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
      "digest": "${digest}",
      "size": 7
    }
  ],
  "annotations": {
    "a": "1",
    "b": "\\u003c\\u0026\\u003e"
  }
}`);
  });

  it('is undone by parseManifest', () => {
    const index = {
      kind: 'index',
      mediaType: 'application/vnd.oci.image.index.v1+json',
      manifests: [
        {
          mediaType: 'application/vnd.oci.image.manifest.v1+json',
          digest,
          size: 3,
          annotations: { a: 'b' },
          platform: { os: 'windows', architecture: 'arm', variant: 'v7', osVersion: '10', osFeatures: ['x'] },
        },
      ],
    } as const;
    expect(parseManifest(formatManifest(index))).toEqual(index);
  });
});

describe('parseManifest', () => {
  it.each([
    ['[]', 'not a JSON object'],
    ['{}', 'not a manifest of schema version 2'],
    ['{"schemaVersion":1}', 'not a manifest of schema version 2'],
    ['{"schemaVersion":2,"manifests":[],"layers":[]}', 'neither a manifest nor an index: it has manifests and layers'],
    ['{"schemaVersion":2}', 'descriptor is not an object'],
    ['{"schemaVersion":2,"config":{"digest":"sha256:1"}}', 'descriptor of "sha256:1" without a valid size'],
    [
      '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","config":{}}',
      'not what its media type application/vnd.oci.image.index.v1+json says',
    ],
    [
      '{"schemaVersion":2,"manifests":[{"digest":"sha256:1","size":-1}]}',
      'descriptor of "sha256:1" without a valid size',
    ],
    ['{"schemaVersion":2,"manifests":[{"digest":"../../x","size":1}]}', 'invalid checksum digest format'],
  ])('refuses %s', (text, message) => {
    expect(() => parseManifest(text)).toThrow(message);
  });
});
