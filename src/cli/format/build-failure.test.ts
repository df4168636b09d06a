import { expect, test } from 'vitest';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { lineSpan, Source } from '../../diagnostic/source.ts';
import { buildFailures, buildFailureText } from './build-failure.ts';

const source = new Source('Dockerfile', 'FROM x\nRUN a \\\n  b\nRUN false\n');
const message = 'process "/bin/sh -c false" did not complete successfully: exit code: 1';

const text = (error: unknown) =>
  buildFailures(error)
    ?.map((failure) => buildFailureText(failure, { color: false }))
    .join('');

test('A failing step is shown with its line, and then said', () => {
  expect(text(new KilnError('ops/exec', message, { span: lineSpan(source, 4, 4) }))).toBe(`Dockerfile:4
--------------------
   2 |     RUN a \\
   3 |       b
   4 | >>> RUN false
   5 |     
--------------------
error: failed to solve: ${message}
`);
});

test('A step of several lines has all of them marked', () => {
  expect(text(new KilnError('ops/exec', message, { span: lineSpan(source, 2, 3) }))).toContain(
    '   1 |     FROM x\n   2 | >>> RUN a \\\n   3 | >>>   b\n   4 |     RUN false\n',
  );
});

test('What has no place in the Dockerfile is only said, with what can be done', () => {
  expect(text(new KilnError('source/missing', 'base not found', { hint: 'load it' }))).toBe(
    'error: failed to solve: base not found\n  = help: load it\n',
  );
});

test('Several failures are told one after the other', () => {
  const errors = ['a', 'b'].map((name) => new KilnError('ops/exec', name));
  expect(text(new AggregateError(errors))).toBe('error: failed to solve: a\nerror: failed to solve: b\n');
});

test('A mistake in Kiln is no failure of the build', () => {
  expect(buildFailures(new TypeError('x'))).toBeUndefined();
  expect(buildFailures(new AggregateError([new KilnError('a/b', 'a'), new TypeError('x')]))).toBeUndefined();
});
