import { describe, expect, it } from 'vitest';
import { canBuild, newContext, newStore, runKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

const long = 'n'.repeat(300);

describe.skipIf(!canBuild)('kiln build with names that are too long', () => {
  it.each([
    { line: `COPY ${long} /`, message: `lstat /${long}: file name too long` },
    { line: `COPY a /${long}`, message: `lstat /${long}: file name too long` },
    { line: `COPY --from=busybox /${long} /b`, message: `lstat /${long}: file name too long` },
    { line: `WORKDIR /${long}`, message: `lstat /${long}: file name too long` },
  ])('says so once: %#', ({ line, message }) => {
    const context = newContext({ Dockerfile: `FROM busybox\n${line}\n`, a: '' });
    const { code, err } = runKiln(['build', '-q', context], { store: newStore() });
    expect(code).toBe(1);
    expect(err).toContain(`error: failed to solve: ${message}\n`);
  });

  it.each([
    { args: [long], code: 1, err: `unable to prepare context: path "${long}" not found` },
    { args: ['-o', long, '.'], code: 2, err: `error: cannot write ${long}: file name too long` },
    { args: ['-o', `type=oci,dest=${long}`, '.'], code: 2, err: `error: cannot write ${long}: file name too long` },
  ])('says so of paths on the command line: %#', ({ args, code, err }) => {
    const outcome = runKiln(['build', ...args], { store: newStore(), cwd: newContext({ Dockerfile: 'FROM scratch' }) });
    expect(outcome).toMatchObject({ code, err: expect.stringContaining(err) as string });
  });
});
