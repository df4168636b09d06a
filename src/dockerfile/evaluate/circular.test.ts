import { expect, test } from 'vitest';
import { problemsOf } from './testing.ts';

const circle = (text: string) => problemsOf(text, { allStages: true });

test('stages must not need each other, through COPY or through mounts', () => {
  expect(circle('FROM x AS a\nCOPY --from=b c \\\n d\nFROM y AS b\nUSER u\nCOPY --from=a e f\n')).toEqual([
    'circular 2,3,6: circular dependency detected on stage: a «COPY --from=a e f»',
  ]);
  expect(
    circle('FROM x AS a\nRUN --mount=from=b,target=/c d\nFROM y\nFROM z AS b\nRUN --mount=from=a,target=/c d\n'),
  ).toEqual(['circular 2-5: circular dependency detected on stage: a «RUN --mount=from=a,target=/c d»']);
});

test('a stage must not need itself', () => {
  expect(circle('FROM x\nCOPY --from=0 a b\n')).toEqual([
    'circular 2: circular dependency detected on stage: stage-0 «COPY --from=0 a b»',
  ]);
  expect(circle('FROM x AS a\nRUN --mount=from=a,target=/b c\n')).toEqual([
    'circular 2: circular dependency detected on stage: a «RUN --mount=from=a,target=/b c»',
  ]);
});

test('the way to a circle is named with it', () => {
  expect(circle('FROM x AS a\nCOPY --from=b c d\nFROM y AS b\nCOPY --from=b c d\n')).toEqual([
    'circular 2-4: circular dependency detected on stage: a «COPY --from=b c d»',
  ]);
  expect(circle('FROM x AS a\nCOPY --from=b c d\nCOPY --from=a c d\nFROM y AS b\n')).toEqual([
    'circular 3: circular dependency detected on stage: a «COPY --from=a c d»',
  ]);
});

test('a circle is a mistake even where the target does not need it', () => {
  expect(problemsOf('FROM x AS a\nCOPY --from=a b c\nFROM y\n')).toHaveLength(1);
});

test('to need a stage twice, or in two ways, is no circle', () => {
  const text = 'FROM x AS a\nFROM x AS b\nCOPY --from=a c d\nFROM a\nCOPY --from=b c d\nCOPY --from=a c d\n';
  expect(circle(text)).toEqual([]);
});

test('a long chain does not exhaust the stack', () => {
  const stages = Array.from({ length: 20_000 }, (_, index) => `FROM x AS s${index}\nCOPY --from=s${index + 1} a b\n`);
  expect(problemsOf(`${stages.join('')}FROM x AS s20000\nCOPY --from=s0 a b\n`)).toEqual([
    expect.stringMatching(/^circular [\d,]+: circular dependency detected on stage: s0 «COPY --from=s0 a b»$/),
  ]);
});
