import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kiln, temporaryFolder } from './kiln.ts';

function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

const clean = 'FROM debian:12\nCMD ["bash"]\n';
const faulty = 'FROM debian:12 as Build\nENV a b\nCMD bash\n';

describe('kiln lint', () => {
  it('finds nothing wrong with a good Dockerfile in the current folder', () => {
    expect(kiln(['lint'], { cwd: folderWith({ Dockerfile: clean }) })).toEqual({
      code: 0,
      out: 'Dockerfile: no problems found\n',
      err: '',
    });
  });

  it('prints warnings in the order of the file, and ends with code 1', () => {
    const { code, out, err } = kiln(['lint'], { cwd: folderWith({ Dockerfile: faulty }) });
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toBe(
      [
        "warning[FromAsCasing]: 'as' and 'FROM' keywords' casing do not match",
        ' --> Dockerfile:1:16',
        '  1 | FROM debian:12 as Build',
        '    |                ^^',
        '  = help: kiln lint --fix mends this',
        '  = see: https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
        '',
        "warning[StageNameCasing]: Stage name 'Build' should be lowercase",
        ' --> Dockerfile:1:19',
        '  1 | FROM debian:12 as Build',
        '    |                   ^^^^^',
        '  = help: kiln lint --fix mends this',
        '  = see: https://docs.docker.com/go/dockerfile/rule/stage-name-casing/',
        '',
        'warning[LegacyKeyValueFormat]: "ENV key=value" should be used instead of legacy "ENV key value" format',
        ' --> Dockerfile:2:5',
        '  2 | ENV a b',
        '    |     ^',
        '  = help: kiln lint --fix mends this',
        '  = see: https://docs.docker.com/go/dockerfile/rule/legacy-key-value-format/',
        '',
        'warning[JSONArgsRecommended]: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
        ' --> Dockerfile:3:1',
        '  3 | CMD bash',
        '    | ^^^^^^^^',
        '  = see: https://docs.docker.com/go/dockerfile/rule/json-args-recommended/',
        '',
        'Dockerfile: 4 warnings, 3 can be fixed with --fix',
        '',
      ].join('\n'),
    );
  });

  it('names every error at once, the one that BuildKit would name first', () => {
    const folder = folderWith({ Dockerfile: 'FROM a\nFORM b\nRUN --mout=x y\nENV a\n' });
    const { code, out } = kiln(['lint'], { cwd: folder });
    expect(code).toBe(1);
    expect(out.match(/^error: .*$/gm)).toEqual([
      'error: ENV must have two arguments',
      'error: unknown instruction: FORM (did you mean FROM?)',
      'error: unknown flag: --mout (did you mean mount?)',
    ]);
    expect(out.match(/^ --> .*$/gm)).toEqual([' --> Dockerfile:4:5', ' --> Dockerfile:2:1', ' --> Dockerfile:3:5']);
  });

  it('checks several files, folders and standard input', () => {
    const folder = folderWith({ Dockerfile: clean, other: faulty });
    const { code, out } = kiln(['lint', '.', 'other', '-'], { cwd: folder, stdin: 'FROM a\nMAINTAINER me\n' });
    expect(code).toBe(1);
    expect(out).toContain(' --> -:2:1\n');
    expect(out).toMatch(/^3 files: 5 warnings, 3 can be fixed with --fix$/m);
  });

  it('heeds the .dockerignore of the context, and one for the Dockerfile before it', () => {
    const folder = folderWith({ Dockerfile: 'FROM scratch\nCOPY secret /\n', '.dockerignore': 'secret\n' });
    expect(kiln(['lint'], { cwd: folder }).out).toContain(
      'Attempting to Copy file "secret" that is excluded by .dockerignore',
    );
    writeFileSync(join(folder, 'Dockerfile.dockerignore'), 'other\n');
    expect(kiln(['lint'], { cwd: folder }).code).toBe(0);
  });

  it('takes build arguments, a platform and a target', () => {
    const folder = folderWith({ Dockerfile: 'ARG B\nFROM $B AS a\nFROM scratch AS b\nCMD x\n' });
    expect(kiln(['lint', '--build-arg', 'B=debian', '--target', 'a'], { cwd: folder }).out).not.toContain('error');
    expect(kiln(['lint'], { cwd: folder }).out).toContain('error: base name ($B) should not be blank');
    expect(kiln(['lint', '--platform', 'nonsense'], { cwd: folder })).toMatchObject({
      code: 2,
      err: [
        'error: invalid platform nonsense: "nonsense": unknown operating system or architecture: invalid argument',
        '  = help: a platform is os/architecture[/variant], such as linux/arm64',
        '',
      ].join('\n'),
    });
  });

  it('speaks JSON', () => {
    const { code, out } = kiln(['lint', '--format', 'json'], {
      cwd: folderWith({ Dockerfile: 'FROM a\nENV a b\nFORM\n' }),
    });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual([
      {
        file: 'Dockerfile',
        errors: [
          {
            code: 'dockerfile/unknown-instruction',
            message: 'unknown instruction: FORM (did you mean FROM?)',
            line: 3,
            column: 1,
            endLine: 3,
            endColumn: 5,
          },
        ],
        warnings: [],
        fixed: 0,
      },
    ]);
  });

  it('speaks to GitHub Actions', () => {
    const folder = folderWith({ 'a,b': 'FROM debian as x\n' });
    expect(kiln(['lint', '--format', 'github', 'a,b'], { cwd: folder }).out).toBe(
      "::warning file=a%2Cb,line=1,endLine=1,col=13,endColumn=15,title=FromAsCasing::'as' and 'FROM' keywords' casing do not match\n",
    );
  });

  it('speaks SARIF', () => {
    const { out } = kiln(['lint', '--format', 'sarif'], { cwd: folderWith({ Dockerfile: faulty }) });
    const log = JSON.parse(out) as {
      version: string;
      runs: {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleId: string; ruleIndex: number; fixes?: object[] }[];
      }[];
    };
    const [run] = log.runs;
    expect(log.version).toBe('2.1.0');
    expect(run?.tool.driver.rules).toHaveLength(22);
    expect(run?.results.map(({ ruleId }) => ruleId)).toHaveLength(4);
    for (const { ruleId, ruleIndex } of run?.results ?? []) expect(run?.tool.driver.rules[ruleIndex]?.id).toBe(ruleId);
    expect(run?.results[0]?.fixes).toHaveLength(1);
  });

  it.each([
    [['lint', 'nowhere'], 'error: failed to read dockerfile: open nowhere: no such file or directory'],
    [['lint', '--format', 'xml'], "error: option '--format <format>' argument 'xml' is invalid."],
    [['lint', '--frobnicate'], "error: unknown option '--frobnicate'"],
    [['frobnicate'], "error: unknown command 'frobnicate'"],
  ])('answers %j with code 2 and what is wrong', (args, message) => {
    const { code, out, err } = kiln(args, { cwd: temporaryFolder() });
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(message);
  });

  it('takes a dockerfile for a Dockerfile where there is no other', () => {
    expect(kiln(['lint'], { cwd: folderWith({ dockerfile: clean }) }).out).toBe('dockerfile: no problems found\n');
  });

  it('reads pipes, and does not wait for one that nobody writes to', () => {
    const folder = temporaryFolder();
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    expect(kiln(['lint', 'pipe'], { cwd: folder }).out).toContain('error: the Dockerfile cannot be empty\n');
  });

  it('gives up on input without end', () => {
    expect(kiln(['lint', '/dev/zero'])).toEqual({
      code: 2,
      out: '',
      err: 'error: /dev/zero is larger than 64 MiB\n  = help: is this really a Dockerfile?\n',
    });
  });

  it.each([
    ['a link that leads to itself', 'loop', 'failed to read dockerfile: open loop: too many levels of symbolic links'],
    [
      'a name that is too long',
      'x'.repeat(300),
      `failed to read dockerfile: open ${'x'.repeat(300)}: file name too long`,
    ],
    ['standard input that is a directory', '-', 'cannot read standard input: is a directory'],
  ])('says what is wrong with %s', (_, path, message) => {
    const folder = temporaryFolder();
    symlinkSync('loop', join(folder, 'loop'));
    const { status, stderr } = spawnSync('sh', ['-c', `"$NODE" "$KILN" lint ${path} < .`], {
      cwd: folder,
      env: { ...process.env, NODE: process.execPath, KILN: resolve(import.meta.dirname, '../../bin/kiln.js') },
      encoding: 'utf8',
    });
    expect({ status, first: stderr.split('\n', 1)[0] }).toEqual({ status: 2, first: `error: ${message}` });
  });

  it('says so when its output has no room', () => {
    const folder = folderWith({ Dockerfile: clean });
    const { status, stderr } = spawnSync('sh', ['-c', '"$NODE" "$KILN" lint > /dev/full'], {
      cwd: folder,
      env: { ...process.env, NODE: process.execPath, KILN: resolve(import.meta.dirname, '../../bin/kiln.js') },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'error: cannot write the output: no space left on device\n',
    });
  });

  it('reports what it could read, in spite of what it could not', () => {
    const { code, out, err } = kiln(['lint', 'nowhere', 'Dockerfile'], { cwd: folderWith({ Dockerfile: faulty }) });
    expect(code).toBe(2);
    expect(out).toContain('Dockerfile: 4 warnings, 3 can be fixed with --fix\n');
    expect(err).toContain('open nowhere: no such file or directory');
  });

  it('lets no file name play with the terminal', () => {
    const { out } = kiln(['lint', 'x\x1b]0;title\x07'], { cwd: folderWith({ 'x\x1b]0;title\x07': faulty }) });
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
  });

  it('reads files that are not UTF-8, and shows them without harm', () => {
    const folder = folderWith({ Dockerfile: Buffer.from('FROM a\nR\xffN \x1b[2J\n', 'latin1') });
    expect(kiln(['lint'], { cwd: folder }).out).toContain('  2 | R�N ␛[2J\n');
  });
});

describe('kiln lint --fix', () => {
  it('mends what is safe to mend and leaves the rest of the file alone', () => {
    const folder = folderWith({
      Dockerfile:
        '# a comment\r\nfrom debian as Build   \n\n  ENV a   b c\nrun echo \\\n\n  hi # here\nCMD ["x"]\nEXPOSE 80/TCP\n',
    });
    const { code, out } = kiln(['lint', '--fix'], { cwd: folder });
    expect(out).toBe('Dockerfile: no problems found, 7 fixed\n');
    expect(code).toBe(0);
    expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(
      '# a comment\r\nFROM debian AS build   \n\n  ENV a="b c"\nRUN echo \\\n  hi # here\nCMD ["x"]\nEXPOSE 80/tcp\n',
    );
    expect(readdirSync(folder)).toEqual(['Dockerfile']);
  });

  it('writes standard input, mended, to standard output', () => {
    expect(kiln(['lint', '--fix', '-'], { stdin: 'FROM a as b\n' })).toEqual({
      code: 0,
      out: 'FROM a AS b\n',
      err: '-: no problems found, 1 fixed\n',
    });
  });

  it('keeps the mode of the file and every byte it does not mend', () => {
    const folder = folderWith({ Dockerfile: Buffer.from('FROM a as b\nLABEL x="\xff\xfe"\n', 'latin1') });
    chmodSync(join(folder, 'Dockerfile'), 0o750);
    kiln(['lint', '--fix'], { cwd: folder });
    expect(readFileSync(join(folder, 'Dockerfile'), 'latin1')).toBe('FROM a AS b\nLABEL x="\xff\xfe"\n');
    expect(statSync(join(folder, 'Dockerfile')).mode & 0o777).toBe(0o750);
  });

  it('does not touch a file that has nothing to mend', () => {
    const folder = folderWith({ Dockerfile: clean });
    const before = statSync(join(folder, 'Dockerfile')).ino;
    kiln(['lint', '--fix'], { cwd: folder });
    expect(statSync(join(folder, 'Dockerfile')).ino).toBe(before);
  });

  it('mends the file that a link leads to', () => {
    const folder = folderWith({ real: 'FROM a as b\n' });
    symlinkSync('real', join(folder, 'Dockerfile'));
    kiln(['lint', '--fix'], { cwd: folder });
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe('FROM a AS b\n');
  });
});
