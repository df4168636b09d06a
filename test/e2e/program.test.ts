import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kiln, temporaryFolder } from './kiln.ts';

const root = resolve(import.meta.dirname, '../..');

describe('kiln', () => {
  it('knows its version', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(kiln(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(kiln(['-V']).out).toBe(`${version}\n`);
  });

  it('lists its commands', () => {
    const { code, out } = kiln(['--help']);
    expect(code).toBe(0);
    for (const command of ['lint', 'build', 'debug']) expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
  });

  it('helps with a command', () => {
    expect(kiln(['lint', '--help']).out).toContain('--format <format>');
    expect(kiln(['build', '--help']).out).toContain('--call <method>');
  });

  it('keeps compiled code in the cache folder of the user, which others cannot write to', () => {
    const cache = temporaryFolder();
    kiln(['lint', '-'], { stdin: 'FROM a\n', env: { XDG_CACHE_HOME: cache } });
    expect(statSync(join(cache, 'kiln', 'compiled')).mode & 0o022).toBe(0);
  });

  it('does without a cache folder', () => {
    const cache = temporaryFolder();
    expect(
      kiln(['lint', '-'], { stdin: 'FROM a\n', env: { XDG_CACHE_HOME: cache, NODE_DISABLE_COMPILE_CACHE: '1' } }).code,
    ).toBe(0);
    expect(existsSync(join(cache, 'kiln'))).toBe(false);
    writeFileSync(join(cache, 'kiln'), 'a file in the way');
    expect(kiln(['lint', '-'], { stdin: 'FROM a\n', env: { XDG_CACHE_HOME: cache } })).toMatchObject({
      code: 0,
      err: '',
    });
  });

  it('does not mind a reader that goes away', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'x'));
    writeFileSync(join(folder, 'Dockerfile'), `FROM a\n${'ENV a b\n'.repeat(20_000)}`);
    const { stderr, stdout } = spawnSync('sh', ['-c', `"${process.execPath}" "${root}/bin/kiln.js" lint | head -n 1`], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stdout).toMatch(/^warning\[LegacyKeyValueFormat\]/);
    expect(stderr).toBe('');
  });
});

describe('kiln debug ast', () => {
  it('prints a line of JSON a file', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a'), 'FROM x\nRUN a\n');
    writeFileSync(join(folder, 'b'), 'FORM x\n');
    const { code, out } = kiln(['debug', 'ast', 'a', 'b'], { cwd: folder });
    const [a, b] = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(code).toBe(0);
    expect(a).toMatchObject({
      name: 'a',
      parse: {
        dump: '(from "x")\n(run "a")',
        nodes: [
          { start: 1, end: 1 },
          { start: 2, end: 2 },
        ],
      },
      instructions: { stages: [{ base: 'x', commands: [{ name: 'RUN', CmdLine: ['a'], PrependShell: true }] }] },
      lint: { warnings: [] },
      convert: { history: [{ created_by: 'RUN /bin/sh -c a # buildkit' }], images: ['docker.io/library/x:latest'] },
    });
    expect(b).toMatchObject({
      instructions: {
        error: 'dockerfile parse error on line 1: unknown instruction: FORM (did you mean FROM?)',
        errorLines: [1, 1],
      },
    });
  });
});
