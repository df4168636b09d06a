import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeWarning, lint } from './testing.ts';

const ruleNames = (text: string) => lint(text).warnings.map(({ rule }) => rule.name);

test('warnings come in the order in which BuildKit gives them: reading, stages, bases, commands stage by stage', () => {
  const text = [
    'ARG BASE',
    'FROM --platform=linux/arm64 x as Scratch',
    'WORKDIR a',
    'MAINTAINER me \\',
    '',
    '  and you',
    'FROM x$BASE$NOPE AS scratch',
    'env A_TOKEN $UNSET',
    'EXPOSE 1:80/TCP',
    'CMD a',
    'CMD b',
    '',
  ].join('\n');
  expect(lint(text).warnings.map(describeWarning)).toEqual([
    'NoEmptyContinuation 6: Empty continuation line «\n»',
    "StageNameCasing 2: Stage name 'Scratch' should be lowercase «Scratch»",
    "FromAsCasing 2: 'as' and 'FROM' keywords' casing do not match «as»",
    'MaintainerDeprecated 4-6: Maintainer instruction is deprecated in favor of using label «MAINTAINER»',
    'ReservedStageName 2: Stage name should not use the same name as reserved stage "scratch" «Scratch»',
    'ReservedStageName 7: Stage name should not use the same name as reserved stage "scratch" «scratch»',
    'DuplicateStageName 7: Duplicate stage name "scratch", stage names should be unique «scratch»',
    "ConsistentInstructionCasing 8: Command 'env' should match the case of the command majority (uppercase) «env»",
    'FromPlatformFlagConstDisallowed 2: FROM --platform flag should not use constant value "linux/arm64" «--platform=linux/arm64»',
    "UndefinedArgInFrom 7: FROM argument 'NOPE' is not declared «x$BASE$NOPE»",
    'WorkdirRelativePath 3: Relative workdir "a" can have unexpected results if the base image changes «a»',
    "UndefinedVar 8: Usage of undefined variable '$UNSET' «$UNSET»",
    'LegacyKeyValueFormat 8: "env key=value" should be used instead of legacy "env key value" format «A_TOKEN»',
    'SecretsUsedInArgOrEnv 8: Do not use ARG or ENV instructions for sensitive data (ENV "A_TOKEN") «A_TOKEN»',
    "ExposeProtoCasing 9: Defined protocol '1:80/TCP' in EXPOSE instruction should be lowercase «1:80/TCP»",
    "ExposeInvalidFormat 9: EXPOSE instruction should not define an IP address or host-port mapping, found '1:80/TCP' «1:80/TCP»",
    'JSONArgsRecommended 10: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals «CMD a»',
    'MultipleInstructionsDisallowed 10: Multiple CMD instructions should not be used in the same stage because only the last one will be used «CMD a»',
    'JSONArgsRecommended 11: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals «CMD b»',
  ]);
});

test('a file that cannot be read gives its mistakes and what was seen of blank lines', () => {
  const { warnings, problems, evaluation } = lint('# escape=x\nfrom x AS B\nRUN a \\\n\n b\n');
  expect(warnings).toEqual([]);
  expect(problems.map(({ code, message }) => [code, message])).toEqual([
    ['dockerfile/escape-invalid', "invalid escape token 'x' does not match ` or \\"],
  ]);
  expect(evaluation).toBeUndefined();
});

test('an instruction that cannot be read ends the warnings, blank lines aside', () => {
  const { warnings, problems, evaluation } = lint('FROM x as a\nUSER\nFROM y as b\nRUN c \\\n\n d\n');
  expect(warnings.map(describeWarning)).toEqual([
    'NoEmptyContinuation 6: Empty continuation line «\n»',
    "FromAsCasing 1: 'as' and 'FROM' keywords' casing do not match «as»",
  ]);
  expect(problems.map(({ message }) => message)).toEqual(['USER requires exactly one argument']);
  expect(evaluation).toBeUndefined();
});

test('an instruction that cannot be read is looked at itself', () => {
  expect(ruleNames('FROM x foo B\n')).toEqual(['StageNameCasing', 'FromAsCasing']);
});

test('a command that fails ends the warnings', () => {
  const { warnings, problems } = lint('FROM x\nENV A b\nEXPOSE x\nENV C d\nUSER ${\n');
  expect(warnings.map(({ lines }) => lines[0])).toEqual([2]);
  expect(problems.map(({ message }) => message)).toEqual([
    'invalid containerPort: x',
    'failed to process "${": syntax error: missing \'}\'',
  ]);
});

test('stages that the target does not need are only looked at if all are', () => {
  const text = 'FROM x AS a\nENV A b\nFROM x AS b\nENV C d\n';
  const lines = (allStages: boolean) => lint(text, { allStages, target: 'a' }).warnings.map((one) => one.lines[0]);
  expect(lines(false)).toEqual([2]);
  expect(lines(true)).toEqual([2, 4]);
});

test('error=true makes an error of any warning that counts', () => {
  const { warnings, problems } = lint('# check=error=true\nFROM x as a\nENV A b\nENV C d\n');
  expect(warnings).toHaveLength(3);
  expect(problems).toEqual([
    {
      severity: 'error',
      code: 'dockerfile/lint-violation',
      message: 'lint violation found for rules: FromAsCasing, LegacyKeyValueFormat',
      hint: 'the file asks for this with # check=error=true',
      span: { source: problems[0]?.span.source, start: 0, end: 0 },
    },
  ]);
  expect(lint('# check=error=true;skip=FromAsCasing\nFROM x as a\n').problems).toEqual([]);
  expect(lint('FROM y\n# check=error=true\nFROM x as a\n').problems).toEqual([]);
});

test('a mistake goes before a warning that is an error', () => {
  const { problems } = lint('# check=error=true\nFROM x as a\nEXPOSE x\n');
  expect(problems.map(({ message }) => message)).toEqual(['invalid containerPort: x']);
});

test.each([
  ['#check=skip=all', 1],
  ['# syntax=docker/dockerfile:1\n# check=skip=all', 2],
  ['# escape=`\n#   CHECK = skip=all trailing words', 2],
  ['#!/usr/bin/env kiln\n# check=skip=all', 2],
  ['\ufeff# check=skip=all', 1],
])('%j is an option of the file', (head) => {
  expect(ruleNames(`${head}\nFROM x as a\n`)).toEqual([]);
});

test.each(['# a comment\n# check=skip=all\n', '\n# check=skip=all\n', 'ARG A\n\n# check=skip=all\n#\n'])(
  '%j is no option of the file',
  (head) => {
    expect(ruleNames(`${head}\nFROM y\nFROM x as a\n`)).toEqual(['FromAsCasing']);
  },
);

test('options that cannot be read are a mistake, and nothing else is looked at', () => {
  const { warnings, problems, evaluation } = lint('# syntax=x\n# check=skip\nFROM x as a\nNOPE\n');
  expect(warnings).toEqual([]);
  expect(evaluation).toBeUndefined();
  const [found] = problems;
  expect(problems).toHaveLength(1);
  expect(found?.code).toBe('dockerfile/check-options');
  expect(found?.message).toBe('failed to parse check options: invalid check option "skip"');
  expect(found?.hint).toBe('the form is: # check=skip=<rules>;experimental=<rules>;error=<true|false>');
  expect(found?.lines).toBeUndefined();
  expect(found && found.span.source.text.slice(found.span.start, found.span.end)).toBe('# check=skip');
});

test('every warning points into its source, at the lines it names', () => {
  const line = fc.constantFrom(
    ...['FROM x AS A', 'from y$N', 'FROM a', 'ENV A $N', 'ENV A="b"', 'RUN a \\', '', ' b', 'CMD c', 'EXPOSE 1:2/TCP'],
    ...[
      'WORKDIR $N',
      'COPY <<E /a',
      '$N',
      'E',
      'ONBUILD ENV T_KEY $N',
      'ARG TOKEN',
      'MAINTAINER x',
      'FROM --platform=a b',
    ],
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 15 }), (lines) => {
      const { warnings } = lint(['FROM x AS a', ...lines].join('\n'));
      for (const {
        span,
        lines: [first = 0, last = 0],
      } of warnings) {
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(span.source.text.length);
        expect(first).toBeLessThanOrEqual(last);
        if (span.source.name !== 'Dockerfile') continue;
        expect(span.source.lineAt(span.start)).toBeLessThanOrEqual(last);
      }
    }),
    { numRuns: 500 },
  );
});
