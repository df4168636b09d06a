import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { canBuild, newContext, newStore, program, runKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

describe.skipIf(!canBuild)('kiln build with bytes that are no text', () => {
  it.each([
    { line: 'RUN echo a\0b', what: 'the argument "echo a\\x00b"', place: 3 },
    { line: 'RUN ["echo", "a\\u0000b"]', what: 'the argument "a\\x00b"', place: 3 },
    { line: 'ENV NAME=a\0b\nRUN echo', what: 'the variable "NAME"', place: 4 },
    { line: 'ARG NAME=a\0b\nRUN echo', what: 'the variable "NAME"', place: 4 },
    { line: 'COPY a /b\0c', what: 'the path "/b\\x00c"', place: 3 },
  ])('says that $what has a NUL byte before anything runs', ({ line, what, place }) => {
    const context = newContext({ Dockerfile: `FROM busybox\nRUN echo ran\n${line}\n`, a: '' });
    const { code, err } = runKiln(['build', '--progress', 'plain', context], { store: newStore() });
    expect(code).toBe(1);
    expect(err).toContain(`${what} contains a NUL byte\n`);
    expect(err).toContain(`Dockerfile:${place}\n`);
    expect(err).not.toMatch(/^#\d+ [\d.]+ ran$/m);
  });

  it('gives secrets to steps as they are', () => {
    const store = newStore();
    const bytes = Buffer.from([0x61, 0xff, 0xc3, 0x28, 0xe2, 0x82, 0xac, 0x80]);
    const out = newContext({
      Dockerfile: [
        'FROM busybox AS made',
        'RUN --mount=type=secret,id=file,env=FROM_FILE --mount=type=secret,id=file \\',
        '  --mount=type=secret,id=variable \\',
        '  cat /run/secrets/file > /file; cat /run/secrets/variable > /variable; printf %s "$FROM_FILE" > /env',
        'FROM scratch',
        'COPY --from=made /file /variable /env /',
      ].join('\n'),
    });
    writeFileSync(join(out, 'token'), bytes);
    const script =
      'TOKEN=$(cat "$1/token") exec "$2" "$3" build --secret "id=file,src=$1/token" --secret id=variable,env=TOKEN -o "$1/out" "$1"';
    const { status, stderr } = spawnSync('sh', ['-c', script, 'sh', out, process.execPath, program], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], KILN_ROOT: store },
      encoding: 'utf8',
    });
    expect(status, stderr).toBe(0);
    for (const name of ['file', 'variable', 'env']) expect(readFileSync(join(out, 'out', name))).toEqual(bytes);
  });
});
