import { describe, expect, test } from 'vitest';
import type { Platform } from '../../spec/platform.ts';
import { configOf, environmentOf, evaluateText, historyOf, problemsOf, withImage } from './testing.ts';

const imagesOf = (text: string, options?: Parameters<typeof evaluateText>[1]) =>
  evaluateText(text, options).images.map((image) => image.replace('docker.io/library/', ''));

describe('the target', () => {
  const text = 'FROM a AS first\nFROM b AS Second\nFROM c\n';

  test('is the last stage unless one is named', () => {
    expect(imagesOf(text)).toEqual(['c:latest']);
    expect(imagesOf(text, { target: '' })).toEqual(['c:latest']);
    expect(imagesOf(text, { target: 'first' })).toEqual(['a:latest']);
  });

  test('is found whatever the case', () => {
    expect(imagesOf(text, { target: 'SECOND' })).toEqual(['b:latest']);
  });

  test('must be there', () => {
    expect(problemsOf(text, { target: 'secnod' })).toEqual([
      'target -: target stage "secnod" could not be found (did you mean second?) «»',
    ]);
    expect(problemsOf(text, { target: '7' })).toEqual(['target -: target stage "7" could not be found «»']);
    expect(evaluateText(text, { target: '7' }).problems[0]?.hint).toBe('stages are: first, second, stage-2');
  });
});

describe('COPY --from', () => {
  test('takes a stage by name, whatever the case, or by index', () => {
    expect(imagesOf('FROM a AS one\nFROM b\nFROM scratch\nCOPY --from=ONE x y\nCOPY --from=1 x y\n')).toEqual([
      'a:latest',
      'b:latest',
    ]);
  });

  test('takes an image otherwise, and asks for it each time', () => {
    expect(imagesOf('FROM scratch\nCOPY --from=a:1 x y\nCOPY --from=a:1 x y\nCOPY --from=b x y\n')).toEqual([
      'a:1',
      'a:1',
      'b:latest',
    ]);
  });

  test('an index must be that of a stage', () => {
    expect(problemsOf('FROM x\nCOPY --from=5 a b\nFROM x\nCOPY --from=-1 \\\n a b\n', { allStages: true })).toEqual([
      'stage-index -: invalid stage index 5 «--from=5»',
      'stage-index -: invalid stage index -1 «--from=-1»',
    ]);
  });

  test('cannot be a variable', () => {
    const message =
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround';
    expect(problemsOf('ARG A=b\nFROM x\nCOPY --from=$A a b\n')).toEqual([`from-variable -: ${message} «--from=$A»`]);
    expect(problemsOf('FROM x\nCOPY --from=a${ a b\n')).toEqual([
      'substitution 2: failed to process "a${": syntax error: missing \'}\' «--from=a${»',
    ]);
  });

  test('a stage below is too late', () => {
    expect(problemsOf('FROM x AS a\nCOPY --from=b \\\n c d\nFROM y AS b\n', { allStages: true })).toEqual([
      'transfer 2-3: cannot copy from stage "b", it needs to be defined before current stage "a" «--from=b»',
    ]);
    expect(problemsOf('FROM x\nCOPY --from=1 c d\nFROM y\n', { allStages: true })).toEqual([
      'transfer 2: cannot copy from stage "1", it needs to be defined before current stage "stage-0" «--from=1»',
    ]);
  });

  test('an image must be a reference', () => {
    expect(problemsOf('FROM x\nCOPY --from=a:b:c d e\n')).toEqual([
      'base-reference 2: failed to parse stage name "a:b:c": invalid reference format «COPY --from=a:b:c d e»',
    ]);
  });
});

describe('RUN --mount=from', () => {
  test('takes a stage by name or an image, but not an index', () => {
    const text = 'FROM a AS one\nFROM scratch\nRUN --mount=from=One,target=/a --mount=from=b,target=/b x\n';
    expect(imagesOf(text)).toEqual(['a:latest', 'b:latest']);
    expect(imagesOf('FROM a\nFROM scratch\nRUN --mount=from=0,target=/a x\n')).toEqual(['0:latest']);
  });

  test('a stage below is too late', () => {
    expect(problemsOf('FROM x\nRUN --mount=from=b,target=/c a\nFROM y AS b\n', { allStages: true })).toEqual([
      'mount 2: cannot mount from stage "b" to "/c", stage needs to be defined before current command «--mount=from=b,target=/c»',
    ]);
  });

  test('an image must be a reference; BuildKit has no lines for this one', () => {
    expect(problemsOf('FROM x\nRUN --mount=from=A,target=/a b\n')).toEqual([
      'base-reference -: failed to parse stage name "A": invalid reference format: repository name (library/A) must be lowercase «RUN --mount=from=A,target=/a b»',
    ]);
  });
});

describe('triggers of ONBUILD', () => {
  test('run first in a stage that is based on the one that has them, and are not handed on', () => {
    const text = 'FROM x AS a\nONBUILD ENV A=1\nENV A=0\nFROM a AS b\nENV B=$A\nFROM b\n';
    expect(configOf(text, { target: 'a' }).OnBuild).toEqual(['ENV A=1']);
    expect(environmentOf(text, { target: 'b' })).toEqual(['A=1', 'B=1']);
    expect(environmentOf(text)).toEqual(['A=1', 'B=1']);
    expect(configOf(text).OnBuild).toBeUndefined();
    expect(historyOf(text)).toEqual(['(ENV A=0)', '(ENV A=1)', '(ENV B=1)']);
  });

  test('run first in a stage that is based on an image that has them', () => {
    const image = withImage({ OnBuild: ['ARG V=1', 'ENV A=$V', 'RUN a'] });
    expect(historyOf('FROM x\nARG V=2\n', image)).toEqual([
      '(ARG V=1)',
      '(ENV A=1)',
      'RUN |1 V=1 /bin/sh -c a # buildkit',
      '(ARG V=2)',
    ]);
    expect(configOf('FROM x\n', image).OnBuild).toBeUndefined();
  });

  test('keep their flags and heredocs', () => {
    const trigger = 'COPY --chown=1 <<A <<B /d/\na\nA\nb\nB';
    const text = `FROM x AS a\nonbuild   ${trigger}\nFROM a\n`;
    expect(configOf(text, { target: 'a' }).OnBuild).toEqual([trigger]);
    expect(historyOf(text)).toEqual(['COPY --chown=1 <<A <<B /d/ # buildkit']);
  });

  test('may need stages and images that nothing else needs', () => {
    const text = 'FROM a AS one\nFROM b AS two\nONBUILD COPY --from=one x y\nONBUILD COPY --from=c x y\nFROM two\n';
    expect(imagesOf(text)).toEqual(['b:latest', 'a:latest', 'c:latest']);
  });

  test('may need stages that have triggers in turn', () => {
    const image = {
      baseImage: (reference: string, platform: Platform) => {
        const next = { 'docker.io/library/a:latest': 'b', 'docker.io/library/b:latest': 'c' }[reference];
        return { ...platform, config: { OnBuild: next === undefined ? [] : [`COPY --from=${next} x y`] }, history: [] };
      },
    };
    const text = 'FROM c AS c\nFROM b AS b\nFROM a AS a\n';
    expect(imagesOf(text, image)).toEqual(['a:latest', 'b:latest', 'c:latest']);
    expect(evaluateText(text, image).problems).toEqual([]);
  });

  test('of a stage that is not needed are not run', () => {
    expect(imagesOf('FROM a AS a\nONBUILD COPY --from=c x y\nFROM a AS b\nFROM d\n')).toEqual(['d:latest']);
  });

  test.each([
    ['NOPE', 'unknown-instruction 2: unknown instruction: NOPE (did you mean COPY?) «FROM x»'],
    ['USER', 'argument-count 2: USER requires exactly one argument «FROM x»'],
    ['RUN --nope a', 'flag-unknown 2: unknown flag: --nope «FROM x»'],
    ['FROM y', 'onbuild 2: *instructions.Stage is not a command type «FROM x»'],
    ['RUN a\nRUN b', 'onbuild 2: onbuild trigger should be a single expression «FROM x»'],
    ['', 'no-instructions 2: file with no instructions «FROM x»'],
    ['RUN <<END\na', 'heredoc-unterminated 2: unterminated heredoc «FROM x»'],
    ['COPY --from=7 a b', 'stage-index 2: invalid stage index 7 «FROM x»'],
  ])('that cannot be read are the mistake of FROM: %j', (trigger, problem) => {
    expect(problemsOf('ARG A\nFROM x\n', withImage({ OnBuild: [trigger] }))).toEqual([problem]);
  });

  test('that fail point to FROM, since the trigger is in no file at hand', () => {
    expect(problemsOf('ARG A\nFROM x\n', withImage({ OnBuild: ['USER ${'] }))).toEqual([
      'substitution 2: failed to process "${": syntax error: missing \'}\' «FROM x»',
    ]);
  });

  test('many of them take time in proportion', () => {
    const start = performance.now();
    const triggers = Array.from({ length: 20_000 }, (_, index) => `ONBUILD ENV A=${index}\n`).join('');
    expect(environmentOf(`FROM x AS a\n${triggers}FROM a\n`)).toEqual(['A=19999']);
    const chain = Array.from(
      { length: 2000 },
      (_, index) => `FROM x AS o${index}\nONBUILD COPY --from=n${index} a b\nFROM o${index} AS n${index + 1}\n`,
    );
    expect(problemsOf(`FROM x AS n0\n${chain.join('')}`)).toEqual([]);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});

describe('stages that are not needed', () => {
  const text = 'FROM nope AS a\nUSER ${\nFROM b AS b\nFROM scratch\nCOPY --from=b x y\n';

  test('are neither asked for nor evaluated', () => {
    expect(imagesOf(text)).toEqual(['b:latest']);
    expect(problemsOf(text)).toEqual([]);
  });

  test('are both if all stages are wanted', () => {
    expect(imagesOf(text, { allStages: true })).toEqual(['nope:latest', 'b:latest']);
    expect(problemsOf(text, { allStages: true })).toEqual([
      'substitution 2: failed to process "${": syntax error: missing \'}\' «${»',
    ]);
  });
});
