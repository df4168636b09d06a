import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kiln, temporaryFolder } from './kiln.ts';

function context(dockerfile: string, name = 'Dockerfile'): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, name), dockerfile);
  return folder;
}

const faulty = 'FROM debian:12 as build\nCMD bash\n';

const stages = `# VERSION is what goes in
ARG VERSION=1
# base holds the tools
FROM debian:12 AS base
ARG TOKEN_FILE
RUN --mount=type=secret,id=token,required=true --mount=type=ssh echo $VERSION
FROM base
ARG VERSION
`;

describe('kiln build --check', () => {
  it('says that all is well', () => {
    expect(kiln(['build', '--check', '.'], { cwd: context('FROM debian:12\n') })).toEqual({
      code: 0,
      out: 'Check complete, no warnings found.\n',
      err: '',
    });
  });

  it('shows warnings as buildx does, and ends with code 1', () => {
    expect(kiln(['build', '--check', '-t', 'app', '--progress=plain', '.'], { cwd: context(faulty) })).toEqual({
      code: 1,
      out: [
        'Check complete, 2 warnings have been found!',
        '',
        'WARNING: FromAsCasing - https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
        "'as' and 'FROM' keywords' casing do not match",
        'Dockerfile:1',
        '--------------------',
        '   1 | >>> FROM debian:12 as build',
        '   2 |     CMD bash',
        '   3 |     ',
        '--------------------',
        '',
        'WARNING: JSONArgsRecommended - https://docs.docker.com/go/dockerfile/rule/json-args-recommended/',
        'JSON arguments recommended for CMD to prevent unintended behavior related to OS signals',
        'Dockerfile:2',
        '--------------------',
        '   1 |     FROM debian:12 as build',
        '   2 | >>> CMD bash',
        '   3 |     ',
        '--------------------',
        '',
      ].join('\n'),
      err: '',
    });
  });

  it('shows an error on standard error, below the warnings', () => {
    const { code, out, err } = kiln(['build', '--check', '.'], { cwd: context('FROM a as b\nFORM\n') });
    expect(code).toBe(1);
    expect(out).toContain('Check complete, 1 warning has been found!\n');
    expect(out.endsWith('--------------------\n\n')).toBe(true);
    expect(err).toBe(
      [
        'ERROR: dockerfile parse error on line 2: unknown instruction: FORM (did you mean FROM?)',
        'Dockerfile:2',
        '--------------------',
        '   1 |     FROM a as b',
        '   2 | >>> FORM',
        '   3 |     ',
        '--------------------',
        '',
      ].join('\n'),
    );
  });

  it('speaks JSON in the form of buildx', () => {
    const { code, out } = kiln(['build', '--call=check,format=json', '.'], { cwd: context('FROM debian:12 as b\n') });
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual({
      warnings: [
        {
          ruleName: 'FromAsCasing',
          description: "The 'as' keyword should match the case of the 'from' keyword",
          url: 'https://docs.docker.com/go/dockerfile/rule/from-as-casing/',
          detail: "'as' and 'FROM' keywords' casing do not match",
          location: { ranges: [{ start: { line: 1 }, end: { line: 1 } }] },
        },
      ],
      sources: [
        {
          filename: 'Dockerfile',
          data: Buffer.from('FROM debian:12 as b\n').toString('base64'),
          language: 'Dockerfile',
        },
      ],
    });
  });

  it('ends with code 0 in spite of warnings if asked to', () => {
    expect(kiln(['build', '--call=check,ignorestatus=true', '.'], { cwd: context(faulty) }).code).toBe(0);
  });

  it('makes an error of a warning where the file asks for it', () => {
    const { code, err } = kiln(['build', '--check', '.'], { cwd: context(`# check=error=true\n${faulty}`) });
    expect(code).toBe(1);
    expect(err).toBe('ERROR: lint violation found for rules: FromAsCasing, JSONArgsRecommended\n');
  });

  it('finds the Dockerfile by -f, in the context, or on standard input', () => {
    const folder = context('FROM scratch\n', 'other');
    mkdirSync(join(folder, 'app'));
    expect(kiln(['build', '--check', '-f', 'other', '.'], { cwd: folder }).code).toBe(0);
    expect(kiln(['build', '--check', '-f', '-', '.'], { cwd: folder, stdin: 'FROM scratch\n' }).code).toBe(0);
    expect(kiln(['build', '--check', '-'], { cwd: folder, stdin: 'FROM scratch\n' }).code).toBe(0);
    expect(kiln(['build', '--check', 'app'], { cwd: folder })).toMatchObject({
      code: 2,
      err: expect.stringContaining(
        'failed to read dockerfile: open app/Dockerfile: no such file or directory',
      ) as string,
    });
    expect(kiln(['build', '--check', 'nowhere'], { cwd: folder }).err).toContain(
      'error: unable to prepare context: path "nowhere" not found\n',
    );
  });

  it.each([
    [['-', '-f', '-'], '', "can't use stdin for both build context and dockerfile"],
    [['-', '-f', 'x'], 'FROM a', 'ambiguous Dockerfile source: both stdin and flag correspond to Dockerfiles'],
    [
      ['-'],
      Buffer.from('\x1f\x8b\x08', 'latin1'),
      'cannot unpack the build context: the archive is broken at its beginning',
    ],
  ])('refuses %j with what is wrong', (args, stdin, message) => {
    const { code, err } = kiln(['build', '--check', ...args], { stdin });
    expect({ code, first: err.split('\n', 1)[0] }).toEqual({ code: 2, first: `error: ${message}` });
  });

  it('takes switches with a value, as docker does', () => {
    const args = [
      'build',
      '--check=true',
      '--pull=true',
      '--no-cache=false',
      '--resource',
      'memory=1g',
      '--platform',
      'local',
      '.',
    ];
    expect(kiln(args, { cwd: context('FROM scratch\n') })).toMatchObject({ code: 0, err: '' });
  });

  it('checks only what the target needs, if there is one', () => {
    const folder = context('FROM scratch AS a\nFROM scratch AS b\nEXPOSE x\n');
    expect(kiln(['build', '--check', '--target=a', '.'], { cwd: folder }).code).toBe(0);
    expect(kiln(['build', '--check', '.'], { cwd: folder }).err).toContain('ERROR: invalid containerPort: x\n');
    expect(kiln(['build', '--check', '--target=c', '.'], { cwd: folder }).err).toContain(
      'ERROR: target stage "c" could not be found (did you mean a?)\n',
    );
  });
});

describe('kiln build --call', () => {
  it('lists the targets', () => {
    expect(kiln(['build', '--call=targets', '.'], { cwd: context(stages) }).out).toBe(
      ['TARGET    DESCRIPTION', 'base      holds the tools', '(default) ', ''].join('\n'),
    );
  });

  it('lists the targets as JSON', () => {
    const { out } = kiln(['build', '--call=targets,format=json', '.'], { cwd: context(stages) });
    expect(JSON.parse(out)).toMatchObject({
      targets: [
        {
          name: 'base',
          description: 'holds the tools',
          base: 'debian:12',
          location: { ranges: [{ start: { line: 4 }, end: { line: 4 } }] },
        },
        { default: true, base: 'base' },
      ],
    });
  });

  it('outlines what a target takes', () => {
    expect(
      kiln(['build', '--call=outline', '--target=base', '--build-arg=TOKEN_FILE=t', '.'], { cwd: context(stages) }).out,
    ).toBe(
      [
        'TARGET:      base',
        'DESCRIPTION: holds the tools',
        '',
        'BUILD ARG    VALUE   DESCRIPTION',
        'TOKEN_FILE   t       ',
        '',
        'SECRET   REQUIRED',
        'token    true',
        '',
        'SSH       REQUIRED',
        'default   ',
        '',
        '',
      ].join('\n'),
    );
  });

  it('outlines what a target takes as JSON', () => {
    const { out } = kiln(['build', '--call=outline,format=json', '.'], { cwd: context(stages) });
    expect(JSON.parse(out)).toMatchObject({
      args: [
        { name: 'VERSION', description: 'is what goes in', value: '1' },
        { name: 'TOKEN_FILE', location: { ranges: [{ start: { line: 5 }, end: { line: 5 } }] } },
      ],
      secrets: [{ name: 'token', required: true }],
      ssh: [{ name: 'default' }],
    });
  });

  it('lists the questions', () => {
    expect(kiln(['build', '--call=subrequests.describe', '.'], { cwd: context(stages) }).out).toMatch(
      /^outline +1\.0\.0 +List all/m,
    );
  });

  it('refuses a question it does not know', () => {
    expect(kiln(['build', '--call=frob', '.'], { cwd: context(stages) })).toMatchObject({
      code: 2,
      err: expect.stringContaining('error: unknown method frob\n') as string,
    });
  });
});
