import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kiln, temporaryFolder, type Outcome } from './kiln.ts';

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

  describe('between runs', () => {
    it('keeps the compiled program in the cache folder of the user, which others cannot write to', () => {
      const { folder, entry, lint } = compiledProgram();
      lint();
      expect(statSync(folder).mode & 0o777).toBe(0o700);
      expect(statSync(entry()).mode & 0o777).toBe(0o600);
    });

    it('writes it again only when a day has passed', () => {
      const { entry, lint } = compiledProgram();
      lint();
      const { ino } = statSync(entry());
      lint();
      expect(statSync(entry()).ino).toBe(ino);
      utimesSync(entry(), new Date(0), Date.now() / 1000 - 90_000);
      lint();
      expect(statSync(entry()).ino).not.toBe(ino);
    });

    it('writes it again when a run needs more of the program than those before', () => {
      const { folder, environment } = compiledProgram();
      const help = () => kiln(['build', '--help'], { env: environment });
      const fail = () => kiln(['build', 'missing'], { env: { ...environment, KILN_ROOT: temporaryFolder() } });
      const entry = () =>
        statSync(join(folder, readdirSync(folder).find((name) => name.startsWith('build-start-')) ?? ''));
      help();
      const first = entry();
      expect(fail().code).toBe(1);
      const second = entry();
      expect(second.ino).not.toBe(first.ino);
      expect(second.size).toBeGreaterThan(first.size);
      help();
      fail();
      expect(entry().ino).toBe(second.ino);
    });

    it.each<[string, (entry: string) => void]>([
      [
        'is damaged',
        (entry) => {
          truncateSync(entry, 1000);
        },
      ],
      [
        'others could have written',
        (entry) => {
          chmodSync(entry, 0o620);
        },
      ],
    ])('puts another in the place of one that %s', (_, spoil) => {
      const { entry, lint } = compiledProgram();
      lint();
      const { size, ino } = statSync(entry());
      spoil(entry());
      expect(lint()).toMatchObject({ code: 0, err: '' });
      expect(statSync(entry())).toMatchObject({ mode: 0o100600 });
      expect(statSync(entry()).ino).not.toBe(ino);
      expect(statSync(entry()).size).toBeGreaterThan(size / 2);
    });

    it('removes what another version left and nobody used for a month', () => {
      const { folder, entry, lint } = compiledProgram();
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'old'), '');
      utimesSync(join(folder, 'old'), new Date(0), new Date(0));
      lint();
      expect(readdirSync(folder)).toEqual([basename(entry())]);
    });
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

interface CompiledProgram {
  readonly folder: string;
  /** The one file that is kept for `kiln lint`. */
  readonly entry: () => string;
  readonly environment: Readonly<Record<string, string>>;
  readonly lint: () => Outcome;
}

/** With a cache folder of its own. */
function compiledProgram(): CompiledProgram {
  const cache = temporaryFolder();
  const folder = join(cache, 'kiln', 'compiled');
  const environment = { XDG_CACHE_HOME: cache };
  return {
    folder,
    environment,
    entry: () => join(folder, readdirSync(folder).find((name) => name.startsWith('lint-')) ?? 'none'),
    lint: () => kiln(['lint', '-'], { stdin: 'FROM a\n', env: environment }),
  };
}

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
