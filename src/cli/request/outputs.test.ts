import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { requested, type Given } from './requested.ts';

const gzip = { compression: 'gzip', level: undefined, force: false, rewriteTimestamp: false };
const image = { names: [], layers: gzip, ociMediaTypes: undefined, annotations: {} };

describe('Outputs', () => {
  const outputs = (words: string, given?: Given) => requested(words.split(' '), given).outputs;

  it.each([
    ['-o out', { kind: 'local', destination: 'out' }],
    ['-o type=local,dest=out', { kind: 'local', destination: 'out' }],
    ['-o -', { kind: 'tar', destination: '-' }],
    ['-o type=tar,dest=x.tar', { kind: 'tar', destination: 'x.tar' }],
    ['-o type=oci,dest=x.tar', { kind: 'oci', tar: true, destination: 'x.tar', ...image }],
    ['-o type=oci', { kind: 'oci', tar: true, destination: '-', ...image }],
    ['-o type=oci,tar=false,dest=x', { kind: 'oci', tar: false, destination: 'x', ...image }],
    ['-o type=docker,dest=x.tar', { kind: 'docker', tar: true, destination: 'x.tar', ...image }],
    ['-o type=docker', { kind: 'store', push: false, ...image }],
    ['-o type=image,name=a', { kind: 'store', push: false, ...image, names: ['docker.io/library/a:latest'] }],
    ['-o type=registry,name=a', { kind: 'store', push: true, ...image, names: ['docker.io/library/a:latest'] }],
    [
      '-o type=oci,dest=x,name=a -t b',
      { kind: 'oci', tar: true, destination: 'x', ...image, names: ['docker.io/library/b:latest'] },
    ],
  ])('%s', (words, output) => {
    expect(outputs(words)).toEqual([output]);
  });

  it.each([
    [
      'compression=zstd,compression-level=3,force-compression=true',
      { compression: 'zstd', level: 3, force: true, rewriteTimestamp: false },
    ],
    [
      'compression=uncompressed,force-compression=',
      { compression: 'none', level: undefined, force: true, rewriteTimestamp: false },
    ],
    [
      'rewrite-timestamp=true,compression-level=9',
      { compression: 'gzip', level: 9, force: false, rewriteTimestamp: true },
    ],
  ])('have layers by %s', (options, layers) => {
    expect(outputs(`-o type=oci,dest=x,oci-mediatypes=true,${options}`)).toMatchObject([
      { layers, ociMediaTypes: true },
    ]);
  });

  it('are several, with those that have flags of their own', () => {
    expect(outputs('-t a -o out --load').map(({ kind }) => kind)).toEqual(['local', 'store']);
    expect(outputs('-t a -o type=docker --load').map(({ kind }) => kind)).toEqual(['store']);
    expect(outputs('-t a -o type=oci,dest=x --push')).toMatchObject([{ kind: 'oci' }, { kind: 'store', push: true }]);
    expect(outputs('-t a -o type=image --push')).toMatchObject([{ kind: 'store', push: true }]);
    expect(outputs('-o type=cacheonly')).toEqual([]);
  });

  it('have annotations of their manifests', () => {
    const words =
      '--annotation a=1 --annotation manifest,index:b=2 -o type=oci,dest=x,annotation.c=3,annotation-index.d=4';
    expect(requested(words.split(' '))).toMatchObject({
      outputs: [{ annotations: { a: '1', b: '2', c: '3' } }],
      notActedOn: ['--annotation index', '--output annotation-index.d'],
    });
  });

  it('are checked against what is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    mkdirSync(join(folder, 'dir'));
    writeFileSync(join(folder, 'file'), '');
    expect(() => outputs(`-o ${folder}/file`)).toThrow(`destination directory ${folder}/file is a file`);
    expect(() => outputs(`-o type=tar,dest=${folder}/dir`)).toThrow(`destination file ${folder}/dir is a directory`);
  });

  it('do not go to a terminal, nor two of them to one place', () => {
    expect(() => outputs('-o -', { isOutTerminal: true })).toThrow(
      'dest file is required for tar exporter. refusing to write to console',
    );
    expect(() => outputs('-o - -o type=oci')).toThrow('multiple outputs configured to write to stdout');
  });
});
