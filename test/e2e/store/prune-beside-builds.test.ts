import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../kiln.ts';
import { canBuild, newContext, newStore, runKiln, startKiln, useBuildRig } from '../build/build-rig.ts';

const dockerfile = `
FROM busybox AS base
RUN --mount=type=cache,target=/cache echo base >> /cache/log && mkdir -p /deep/er && echo base > /deep/er/base
FROM base AS other
COPY shared /other
RUN cat /other /deep/er/base > /joined
FROM base
COPY --from=other --link /joined /joined
COPY own /own
RUN cat /joined /own > /all
`;

describe.skipIf(!canBuild)('Four builds and a prune that loop on one store', () => {
  useBuildRig();

  it('do not disturb each other: every build is right', { timeout: 600_000 }, async () => {
    const store = newStore();
    let isOver = false;
    const builder = async (number: number): Promise<readonly string[]> => {
      const problems: string[] = [];
      for (let round = 0; round < 6; round++) {
        // Half of the rounds are done again, and may find what the others have made.
        const own = `${number % 2} ${round >> 1}`;
        const context = newContext({ Dockerfile: dockerfile, shared: `shared ${round >> 2}\n`, own: `${own}\n` });
        const out = join(temporaryFolder(), 'out');
        const args = ['build', '--progress', 'plain', '--load', '-t', `loop-${number}`, '-o', `type=local,dest=${out}`];
        const { code, err } = await startKiln([...args, context], { store }).ended;
        const made = code === 0 ? readFileSync(join(out, 'all'), 'utf8') : err;
        if (made !== `shared ${round >> 2}\nbase\n${own}\n`) problems.push(made);
      }
      return problems;
    };
    const pruner = async (): Promise<readonly string[]> => {
      const problems: string[] = [];
      while (!isOver) {
        const { code, err } = await startKiln(['prune', '--all', '--force'], { store }).ended;
        if (code !== 0 || err !== '') problems.push(err);
      }
      return problems;
    };
    const pruning = pruner();
    const built = await Promise.all([0, 1, 2, 3].map(builder));
    isOver = true;
    expect([...built.flat(), ...(await pruning)]).toEqual([]);
    expect(runKiln(['store', 'check', '--deep'], { store })).toMatchObject({ code: 0, err: '' });
  });
});
