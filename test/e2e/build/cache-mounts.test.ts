import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { build, canBuild, newContext, newStore, startKiln, useBuildRig } from './build-rig.ts';

useBuildRig();

describe.skipIf(!canBuild)('cache mounts of kiln build --no-cache', () => {
  const twice = [
    'FROM busybox',
    'RUN --mount=type=cache,target=/cache echo a >> /cache/seen; echo first $(wc -l < /cache/seen)',
    'RUN --mount=type=cache,target=/cache echo b >> /cache/seen; echo second $(wc -l < /cache/seen)',
  ].join('\n');

  it('begin anew, once a build', () => {
    const store = newStore();
    const context = newContext({ Dockerfile: twice });
    for (let count = 0; count < 2; count++) {
      const { err } = build(context, ['--no-cache'], { store }).outcome;
      expect(err).toMatch(/ first 1$/m);
      expect(err).toMatch(/ second 2$/m);
    }
    expect(readdirSync(join(store, 'caches'))).toHaveLength(1);
  });

  it.each(['shared', 'private'])('leave a build alone that is using one that is %s', async (sharing) => {
    const store = newStore();
    const mount = `--mount=type=cache,target=/cache,sharing=${sharing}`;
    const user = newContext({
      Dockerfile: `FROM busybox\nRUN ${mount} echo kept > /cache/a; echo started; sleep 3; echo it is $(cat /cache/a)\n`,
    });
    const other = newContext({ Dockerfile: `FROM busybox\nRUN ${mount} echo there is $(ls /cache | wc -l)\n` });
    const { ended, printed } = startKiln(['build', '--progress', 'plain', user], { store });
    await printed(/started$/m);
    const { outcome } = build(other, ['--no-cache'], { store });
    expect(outcome.err).toMatch(/ there is 0$/m);
    const end = await ended;
    expect(end.err).toMatch(/ it is kept$/m);
    expect(end.code).toBe(0);
  });
});
