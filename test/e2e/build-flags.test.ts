import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kiln, temporaryFolder } from './kiln.ts';

function context(): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\n');
  return folder;
}

describe('kiln build', () => {
  it('takes every flag of docker buildx build, and of docker build before it', () => {
    const flags = [
      ...['--add-host', 'a:1.2.3.4', '--allow', 'network.host', '--annotation', 'a=b', '--attest', 'type=sbom'],
      ...['--build-arg', 'A=b', '--build-context', 'a=.', '--builder', 'b', '--cache-from', 'a', '--cache-to', 'a'],
      ...['--cgroup-parent', 'c', '--iidfile', 'i', '--label', 'a=b', '--load', '--metadata-file', 'm'],
      ...['--network', 'none', '--no-cache-filter', 'a', '-o', 'type=oci,dest=x', '--platform', 'linux/amd64'],
      ...['--policy', 'x', '--progress', 'plain', '--provenance', 'true', '--pull', '--push', '--sbom', 'true'],
      ...[
        '--secret',
        'id=a',
        '--shm-size',
        '64m',
        '--ssh',
        'default=/x',
        '-t',
        'a',
        '--target',
        '',
        '--ulimit',
        'cpu=1',
      ],
      ...['--compress', '-c', '1', '--cpu-period', '1', '--cpu-quota', '1', '--cpuset-cpus', '0', '--cpuset-mems', '0'],
      ...[
        '--force-rm',
        '--isolation',
        'x',
        '-m',
        '1g',
        '--memory-swap',
        '-1',
        '--rm',
        '--security-opt',
        'x',
        '--squash',
      ],
      ...['--debug', '--resource', 'memory=1g', '--jobs', '2', '--keep-going', '--runtime', 'runc', '--root', 'r'],
    ];
    expect(kiln(['build', '--check', ...flags, '.'], { cwd: context() })).toMatchObject({ code: 0, err: '' });
  });

  it('says once which flags change nothing', () => {
    const { err } = kiln(['build', '--squash', '--isolation=x', '--cache-from', 'a', '--rm', '.'], { cwd: context() });
    expect(err).toContain('warning: not acted on: --cache-from, --isolation, --squash\n');
    expect(err.match(/not acted on/g)).toHaveLength(1);
  });

  it.each([
    [['--no-cach', '.'], "error: unknown option '--no-cach'\n(Did you mean --no-cache?)\n"],
    [['-o', 'type=ocj', '.'], 'error: exporter "ocj" could not be found (did you mean oci?)\n'],
    [['-t', 'App', '.'], 'error: invalid tag "App": repository name must be lowercase\n'],
    [['--progress', 'plan', '.'], 'error: invalid progress mode plan (did you mean plain?)\n'],
    [['--secret'], "error: option '--secret <secret>' argument missing\n"],
    [['a', 'b'], "error: too many arguments for 'build'. Expected 1 argument but got 2: a, b.\n"],
  ])('answers %j with code 2 and what is wrong', (args, message) => {
    const { code, out, err } = kiln(['build', ...args], { cwd: context() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('removes the image ID of an earlier build before anything can fail', () => {
    const folder = context();
    writeFileSync(join(folder, 'id'), 'sha256:old');
    kiln(['build', '--iidfile', 'id', '--target', 'none', '.'], { cwd: folder });
    expect(() => readFileSync(join(folder, 'id'))).toThrow('ENOENT');
  });
});

describe('kiln plan', () => {
  it('takes the flags of a build, and a format', () => {
    expect(kiln(['plan', '-t', 'App', '.'], { cwd: context() })).toMatchObject({ code: 2 });
    expect(kiln(['plan', '--format', 'svgg', '.'], { cwd: context() }).err).toContain(
      'error: unknown format svgg (did you mean svg?)\n',
    );
  });
});
