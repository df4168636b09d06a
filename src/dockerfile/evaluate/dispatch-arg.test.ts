import { expect, test } from 'vitest';
import { environmentOf, historyOf, problemsOf } from './testing.ts';

/** What RUN sees of a variable. */
const seen = (name: string, text: string, buildArgs?: Record<string, string>) =>
  environmentOf(`${text}ENV SEEN=\${${name}-unset}\n`, buildArgs && { buildArgs })
    .findLast((entry) => entry.startsWith('SEEN='))
    ?.slice(5);

test('an argument has its default, or the build argument', () => {
  expect(seen('A', 'FROM x\nARG A=1\n')).toBe('1');
  expect(seen('A', 'FROM x\nARG A=1\n', { A: '2' })).toBe('2');
  expect(seen('A', 'FROM x\nARG A=1\n', { A: '' })).toBe('');
});

test('an argument without any value is unset, with an empty one it is empty', () => {
  expect(seen('A', 'FROM x\nARG A\n')).toBe('unset');
  expect(seen('A', 'FROM x\nARG A=\n')).toBe('');
});

test('before ARG the build argument is not there', () => {
  expect(seen('A', 'FROM x\n', { A: '1' })).toBe('unset');
});

test('a global argument has to be declared again, and then has its value unless there is a default', () => {
  expect(seen('A', 'ARG A=1\nFROM x\n')).toBe('unset');
  expect(seen('A', 'ARG A=1\nFROM x\nARG A\n')).toBe('1');
  expect(seen('A', 'ARG A=1\nFROM x\nARG A=2\n')).toBe('2');
  expect(seen('A', 'ARG A=1\nFROM x\nARG A=2\n', { A: '3' })).toBe('3');
});

test('every stage starts anew, but one that is based on another stage inherits', () => {
  expect(seen('A', 'FROM x AS a\nARG A=1\nFROM x\n')).toBe('unset');
  expect(seen('A', 'FROM x AS a\nARG A=1\nFROM a\n')).toBe('1');
});

test('of ARG and ENV the one that comes last counts, and ARG does not get into the image', () => {
  expect(seen('A', 'FROM x\nARG A=1\nENV A=2\n')).toBe('2');
  expect(seen('A', 'FROM x\nENV A=2\nARG A=1\n')).toBe('1');
  expect(seen('A', 'FROM x\nENV A=2\nARG A=1\n', { A: '3' })).toBe('3');
  expect(environmentOf('FROM x\nENV A=2\nARG A=1 B=1\n')).toEqual(['A=2']);
});

test('an argument without a value leaves ENV as it is', () => {
  expect(seen('A', 'FROM x\nENV A=2\nARG A\n')).toBe('2');
});

test('a stage that is based on another one sees its ENV again where ARG had hidden it', () => {
  expect(seen('A', 'FROM x AS a\nENV A=2\nARG A=1\nFROM a\n')).toBe('2');
  expect(seen('A', 'FROM x AS a\nENV A=2\nARG A=1\nENV A=4\nARG A=5\nFROM a\n')).toBe('4');
});

test('a default uses what stands before it, also in the same instruction', () => {
  expect(seen('B', 'FROM x\nENV E=1\nARG A=$E B=$A.2\n')).toBe('1.2');
});

test('the history shows names and values', () => {
  expect(historyOf('ARG G=g\nFROM x\nARG A B= C="c d" G\n', { buildArgs: { A: 'a' } })).toEqual([
    '(ARG A=a B= C=c d G=g)',
  ]);
  expect(historyOf('FROM x\nARG A\n')).toEqual(['(ARG A)']);
});

test('arguments to the exporter are no variables', () => {
  expect(seen('BUILDKIT_SBOM_SCAN_STAGE', 'FROM x\nARG BUILDKIT_SBOM_SCAN_STAGE=true\n')).toBe('unset');
});

test('a mistake in a default is one even if it is not needed elsewhere', () => {
  expect(problemsOf('FROM x\nARG A=1 \\\n  B=${A:%}\n')).toEqual([
    'substitution 2-3: failed to process "${A:%}": unsupported modifier (:%) in substitution «B=${A:%}»',
  ]);
  expect(problemsOf('FROM x\nARG B=${\n', { buildArgs: { B: '1' } })).toEqual([]);
});
