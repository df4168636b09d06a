import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { applyEdits, fixDockerfile, type FixResult } from './fix.ts';
import type { Edit } from './rule.ts';
import { describeWarning, imageOf, lint, testOptions } from './testing.ts';

describe('applyEdits', () => {
  const source = new Source('text', '0123456789');
  const edit = (start: number, end: number, text: string): Edit => ({ span: { source, start, end }, text });
  const apply = (...edits: readonly Edit[]) => applyEdits(source.text, edits);

  test('replaces, removes and inserts, in whatever order the edits come', () => {
    expect(apply()).toBe('0123456789');
    expect(apply(edit(8, 10, 'x'), edit(0, 1, ''), edit(3, 3, 'abc'))).toBe('12abc34567x');
  });

  test('edits may touch', () => {
    expect(apply(edit(2, 4, 'a'), edit(4, 6, 'b'), edit(6, 6, 'c'))).toBe('01abc6789');
    expect(apply(edit(0, 10, 'a'), edit(10, 10, 'b'))).toBe('ab');
  });

  test('identical edits are made once', () => {
    expect(apply(edit(2, 4, 'a'), edit(2, 4, 'a'), edit(5, 5, 'b'), edit(5, 5, 'b'))).toBe('01a4b56789');
  });

  test('of edits that overlap the one that begins first is made', () => {
    expect(apply(edit(3, 6, 'a'), edit(2, 4, 'b'), edit(5, 7, 'c'))).toBe('01b4c789');
    expect(apply(edit(2, 8, 'a'), edit(3, 3, 'b'), edit(7, 9, 'c'))).toBe('01a89');
  });

  test('of edits that begin at the same place the first one is made', () => {
    expect(apply(edit(2, 4, 'a'), edit(2, 6, 'b'))).toBe('01a456789');
    expect(apply(edit(2, 2, 'a'), edit(2, 2, 'b'), edit(2, 3, 'c'))).toBe('01a23456789');
  });

  test('edits that do not overlap all come about, and nothing else changes', () => {
    const pieces = fc.array(fc.tuple(fc.string(), fc.string(), fc.string()), { maxLength: 20 });
    fc.assert(
      fc.property(pieces, fc.nat(), (parts, rotation) => {
        const before = new Source('text', parts.map(([kept, old]) => kept + old).join(''));
        let at = 0;
        const edits = parts.map(([kept, old, text]): Edit => {
          const start = at + kept.length;
          at = start + old.length;
          return { span: { source: before, start, end: at }, text };
        });
        const distinct = edits.filter(({ span }, index) => edits[index - 1]?.span.start !== span.start);
        fc.pre(distinct.length === edits.length);
        const turned = edits
          .map((_, index) => edits[(index + rotation) % edits.length])
          .filter((one) => one !== undefined);
        expect(applyEdits(before.text, turned)).toBe(parts.map(([kept, , text]) => kept + text).join(''));
      }),
    );
  });

  test('many edits of a long text take time in proportion', () => {
    const long = new Source('text', 'ab'.repeat(500_000));
    const edits = Array.from({ length: 500_000 }, (_, index): Edit => {
      return { span: { source: long, start: 2 * index, end: 2 * index + 1 }, text: 'x' };
    });
    const start = performance.now();
    expect(applyEdits(long.text, edits)).toBe('xb'.repeat(500_000));
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe('fixDockerfile', () => {
  test('mends what can be mended and says what is left', () => {
    const text = [
      '# check=skip=ConsistentInstructionCasing',
      'FROM --platform=$TARGETPLATFORM  x  as Build',
      '\t# kept as it is  ',
      'ENV A  b   c',
      'cmd true \\',
      '',
      '  && true',
      'EXPOSE 8080:80/TCP\t9',
      '',
    ];
    const { text: result, fixed, remaining } = fix(text.join('\r\n'));
    expect(result.split('\r\n')).toEqual([
      '# check=skip=ConsistentInstructionCasing',
      'FROM x  AS build',
      '\t# kept as it is  ',
      'ENV A="b   c"',
      'cmd true \\',
      '  && true',
      'EXPOSE 80/tcp\t9',
      '',
    ]);
    expect(fixed.map(({ rule }) => rule.name)).toEqual([
      'RedundantTargetPlatform',
      'FromAsCasing',
      'StageNameCasing',
      'LegacyKeyValueFormat',
      'NoEmptyContinuation',
      'ExposeProtoCasing',
      'ExposeInvalidFormat',
    ]);
    expect(remaining.map(describeWarning)).toEqual([
      'JSONArgsRecommended 5-6: JSON arguments recommended for cmd to prevent unintended behavior related to OS signals «cmd true \\\r\n  && true»',
    ]);
  });

  test('what one fix brings up is mended as well', () => {
    const { text, fixed, remaining } = fix('from x as a\nRUN b\nRUN c\n');
    expect(text).toBe('FROM x AS a\nRUN b\nRUN c\n');
    expect(fixed.map(describeWarning)).toEqual([
      "ConsistentInstructionCasing 1: Command 'from' should match the case of the command majority (uppercase) «from»",
      "FromAsCasing 1: 'as' and 'FROM' keywords' casing do not match «as»",
    ]);
    expect(remaining).toEqual([]);
  });

  test('a fix of several edits is made as a whole', () => {
    expect(fix('FROM x\nENV A b \\\n\n  c d\n').text).toBe('FROM x\nENV A="b \\\n  c d"\n');
  });

  test('a fix that two warnings offer is made once', () => {
    expect(fix('FROM x AS a\nEXPOSE 1:80 1:80\nFROM a\n').text).toBe('FROM x AS a\nEXPOSE 80 80\nFROM a\n');
  });

  test('rules that do not count mend nothing', () => {
    const text = '# check=skip=FromAsCasing\nFROM x as A\n# check=skip=LegacyKeyValueFormat\nENV A b\nENV B c\n';
    expect(fix(text).text).toBe(
      '# check=skip=FromAsCasing\nFROM x as a\n# check=skip=LegacyKeyValueFormat\nENV A b\nENV B=c\n',
    );
  });

  test('what comes before a mistake is mended, the mistake stays', () => {
    expect(fix('from x AS A\nNOPE\n').text).toBe('from x as a\nNOPE\n');
    expect(fix('FROM x\nENV A b\nCOPY --from=$X a b\nENV B c\n').text).toBe(
      'FROM x\nENV A b\nCOPY --from=$X a b\nENV B c\n',
    );
  });

  test('what a trigger says is not mended', () => {
    const text = 'FROM x AS a\nONBUILD ENV A b\nONBUILD EXPOSE 80/TCP\nFROM a\n';
    const { text: result, remaining } = fix(text);
    expect(result).toBe(text);
    expect(remaining.map(({ rule }) => rule.name)).toEqual(['LegacyKeyValueFormat', 'ExposeProtoCasing']);
  });

  test('a file without a fault comes back as it is', () => {
    for (const text of ['', '\ufeff# comment\r\nFROM x', 'FROM x\n\n\n', 'NOPE']) {
      expect(fix(text)).toEqual({ text, fixed: [], remaining: [] });
    }
  });
});

describe('for any mixture of mistakes', () => {
  test('there is nothing left to fix, and the image is the same', () => {
    fc.assert(
      fc.property(dockerfiles, (text) => {
        const { text: result, remaining } = fix(text);
        expect(remaining.filter((warning) => warning.fix)).toEqual([]);
        expect(lint(text).problems).toEqual([]);
        expect(imageOf(result)).toEqual(imageOf(text));
        expect(fix(result).text).toBe(result);
      }),
      { numRuns: 300 },
    );
  });

  test('comments stay where they are', () => {
    const comments = (text: string) => text.split(/\r?\n/).filter((line) => /^\s*#/.test(line));
    fc.assert(
      fc.property(dockerfiles, (text) => {
        expect(comments(fix(text).text)).toEqual(comments(text));
      }),
      { numRuns: 100 },
    );
  });
});

function fix(text: string): FixResult {
  return fixDockerfile(new Source('Dockerfile', text), testOptions);
}

/** A keyword in some casing. */
function inSomeCase(word: string): fc.Arbitrary<string> {
  return fc.constantFrom(word.toUpperCase(), word, word.charAt(0).toUpperCase() + word.slice(1));
}

/** What may stand between words. */
const gap = fc.constantFrom(' ', '  ', '\t', ' \\\n ', ' \\\n\n ', ' \\\n# a comment\n\n\n', '\\\n ');

function line(...parts: readonly (string | fc.Arbitrary<string>)[]): fc.Arbitrary<string> {
  return fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((texts) => texts.join(''));
}

const name = fc.constantFrom('a', 'B', 'Cc');
const value = fc.constantFrom('a', '$A', 'a b', 'a=b', '${A:-b c}', '"a b"', "a'b c'", 'a \\\n\n b', 'a\\ b', '`');
const port = fc.constantFrom('80', '80/TCP', '1:80', '1:80/Udp', '[::1]:1:80', '$P', '"80/TCP"', '90-91/tcp');

const from = line(
  inSomeCase('from'),
  fc.constantFrom('', ' --platform=$TARGETPLATFORM', ' --platform=${TARGETPLATFORM}', ' --platform=$BUILDPLATFORM'),
  gap,
  'x',
  gap,
  inSomeCase('as'),
  gap,
  name,
  '\n',
);
const statement = fc.oneof(
  from,
  line(inSomeCase('env'), gap, name, gap, value, '\n'),
  line(inSomeCase('label'), gap, name, gap, value, '\n'),
  line(inSomeCase('expose'), gap, port, gap, port, '\n'),
  line(inSomeCase('run'), gap, 'a', gap, 'b\n'),
  line(inSomeCase('onbuild'), gap, 'env', gap, name, ' b\n'),
  fc.constantFrom('\n', '# a comment\n', '  # check=skip=LegacyKeyValueFormat\n', 'COPY <<END /a\nenv A b \\\n\nEND\n'),
);
const dockerfiles = fc
  .tuple(from, fc.array(statement, { maxLength: 12 }))
  .map(([first, others]) => [first, 'ENV P=1:80/TCP\n', ...others].join(''));
