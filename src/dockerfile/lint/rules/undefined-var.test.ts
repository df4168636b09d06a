import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { undefinedVar } from './undefined-var.ts';

test('variables that are not set are named where they are used first', () => {
  expect(warningsOf(undefinedVar, 'FROM x\nCOPY $AB$A \\\n  b${A}c ${B:-x} /d\n')).toEqual([
    "2-3: Usage of undefined variable '$AB' «$AB»",
    "2-3: Usage of undefined variable '$A' «$A»",
    "2-3: Usage of undefined variable '$A' «${A}»",
    "2-3: Usage of undefined variable '$B' «${B»",
  ]);
});

test('a name that is nearly right is suggested', () => {
  expect(warningsOf(undefinedVar, 'FROM x\nENV VERSION=1\nLABEL v=$VERSOIN\nWORKDIR $PTH\n')).toEqual([
    "3: Usage of undefined variable '$VERSOIN' (did you mean $VERSION?) «$VERSOIN»",
    "4: Usage of undefined variable '$PTH' (did you mean $PATH?) «$PTH»",
  ]);
});

test.each([
  ['ADD', 'ADD $A /b'],
  ['ADD --checksum', 'ADD --checksum=$A https://example.com/a /b'],
  ['ARG', 'ARG B=$A'],
  ['COPY --chown', 'COPY --chown=$A a /b'],
  ['COPY --chmod', 'COPY --chmod=6$A a /b'],
  ['the text of a heredoc', 'COPY <<END /b\n"$A"\nEND'],
  ['a key of ENV', 'ENV B$A=1'],
  ['LABEL', 'LABEL a=\'$B\' b="$A"'],
  ['RUN --mount', 'RUN --mount=target=/a,source=$A b'],
  ['STOPSIGNAL', 'STOPSIGNAL 9$A'],
  ['USER', 'USER $A'],
  ['VOLUME', 'VOLUME /v$A'],
  ['WORKDIR', 'WORKDIR /w$A'],
])('%s uses variables', (_, lines) => {
  const last = lines.split('\n').length + 1;
  expect(warningsOf(undefinedVar, `FROM x\n${lines}\n`)).toEqual([
    `${last === 2 ? '2' : `2-${last}`}: Usage of undefined variable '$A' «$A»`,
  ]);
});

test.each([
  ['RUN', 'RUN $A'],
  ['CMD', 'CMD $A'],
  ['ENTRYPOINT', 'ENTRYPOINT ["$A"]'],
  ['HEALTHCHECK', 'HEALTHCHECK CMD $A'],
  ['SHELL', 'SHELL ["$A"]'],
  ['ONBUILD', 'ONBUILD ENV B=$A'],
  ['MAINTAINER', 'MAINTAINER $A'],
  ['EXPOSE', 'EXPOSE 80$A'],
  ['a quoted heredoc', "COPY <<'END' /b\n$A\nEND"],
  ['single quotes', "ENV B='$A'"],
  ['an escaped dollar', 'ENV B=\\$A'],
])('%s is not looked at', (_, lines) => {
  expect(warningsOf(undefinedVar, `FROM x\n${lines}\n`)).toEqual([]);
});

test.each([
  ['by ENV', 'ENV A=1\nENV B=$A'],
  ['by ENV to nothing', 'ENV A=\nENV B=$A'],
  ['by ARG', 'ARG A=1\nENV B=$A'],
  ['by ARG without a value', 'ARG A\nENV B=$A'],
  ['earlier in the same ARG', 'ARG A B=$A'],
  ['as the image does not say otherwise', 'ENV B=$PATH'],
])('a variable is fine that is set %s', (_, lines) => {
  expect(warningsOf(undefinedVar, `FROM x\n${lines}\n`)).toEqual([]);
});

test('variables come from the base, be it a stage or an image', () => {
  const baseImage = () => ({ os: 'linux', architecture: 'amd64', config: { Env: ['A=1'] }, history: [] });
  expect(warningsOf(undefinedVar, 'FROM x\nENV B=$A\n', { baseImage })).toEqual([]);
  expect(warningsOf(undefinedVar, 'FROM x AS a\nARG A\nENV B=1\nFROM a\nENV C=$A$B\n')).toEqual([]);
});

test('neither global arguments nor those of an unrelated stage count', () => {
  expect(warningsOf(undefinedVar, 'ARG GLOBAL=1\nFROM x\nARG OTHER=1\nENV A=$GLOBAL\nFROM y\nENV A=$OTHER\n')).toEqual([
    "4: Usage of undefined variable '$GLOBAL' «$GLOBAL»",
    "6: Usage of undefined variable '$OTHER' «$OTHER»",
  ]);
});

test('an instruction does not see what it sets itself', () => {
  expect(warningsOf(undefinedVar, 'FROM x\nENV A=1 B=$A\n')).toEqual(["2: Usage of undefined variable '$A' «$A»"]);
});

test('a word with a mistake is named before the mistake ends it', () => {
  expect(warningsOf(undefinedVar, 'FROM x\nENV B=$A${\n')).toEqual(["2: Usage of undefined variable '$A' «$A»"]);
});

test('a name of any script is found', () => {
  expect(warningsOf(undefinedVar, 'FROM x\nENV B=$größe\n')).toEqual([
    "2: Usage of undefined variable '$größe' «$größe»",
  ]);
});

test('a trigger speaks where it is run', () => {
  expect(warningsOf(undefinedVar, 'FROM x AS a\nONBUILD ENV B=$A\nFROM a\n')).toEqual([
    "3: Usage of undefined variable '$A' «$A»",
  ]);
});

test('among very many variables none is suggested', () => {
  const variables = Array.from({ length: 501 }, (_, index) => `ENV A${index}=1\n`).join('');
  expect(warningsOf(undefinedVar, `FROM x\n${variables}ENV B=$A\n`)).toEqual([
    "503: Usage of undefined variable '$A' «$A»",
  ]);
});

test('many variables in one word take time in proportion', () => {
  const uses = Array.from({ length: 50_000 }, (_, index) => `$A${index}\n`).join('');
  const start = performance.now();
  expect(warningsOf(undefinedVar, `FROM x\nCOPY <<END /a\n${uses}END\n`)).toHaveLength(50_000);
  expect(performance.now() - start).toBeLessThan(5000);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nENV B=$A\n';
  expect(warningsIfSkipped(undefinedVar, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, undefinedVar, text)).toEqual([]);
});
