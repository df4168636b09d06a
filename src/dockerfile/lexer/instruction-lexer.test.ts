import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { instructionNames, type Escape } from '../parser/ast.ts';
import { lexInstruction } from './instruction-lexer.ts';
import { LineReader } from './line-reader.ts';
import type { Token } from './token.ts';

function lex(text: string, escape: Escape = '\\') {
  const line = new LineReader(new Source('Dockerfile', text)).next();
  if (!line) throw new Error('no line');
  return lexInstruction(line, escape);
}

/** `type value`, or only the type of what has no value. */
function tokens(text: string, escape?: Escape): readonly string[] {
  return lex(text, escape).tokens.map(({ type, value }) => (value === '' ? type : `${type} ${value}`));
}

function slices(text: string): readonly string[] {
  return lex(text).tokens.map(({ span }) => text.slice(span.start, span.end));
}

describe('keywords', () => {
  it.each(instructionNames)('know %s in any case', (name) => {
    expect(tokens(name)).toEqual([`${name} ${name}`, 'empty']);
    expect(tokens(name.toUpperCase())).toEqual([`${name} ${name.toUpperCase()}`, 'empty']);
  });

  it.each([
    ['FOO a b', ['unknown FOO', 'ignored a b']],
    ['FROM:a', ['unknown FROM:a', 'empty']],
    ['FROM\u00a0a b', ['unknown FROM\u00a0a', 'ignored b']],
    ['FOO --a=b c', ['unknown FOO', 'flag --a=b', 'ignored c']],
    ['\\', ['unknown', 'empty']],
    ['"FROM" a', ['unknown "FROM"', 'ignored a']],
  ])('stand for nothing else: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it('end at a tab, form feed, vertical tab or carriage return, too', () => {
    expect(tokens('USER\ta')).toEqual(['user USER', 'text a']);
    expect(tokens('USER\v\f\r a')).toEqual(['user USER', 'text a']);
  });
});

describe('arguments', () => {
  it.each([
    ['MAINTAINER  a  b ', ['maintainer MAINTAINER', 'text a  b']],
    ['WORKDIR "a b"', ['workdir WORKDIR', 'text "a b"']],
    ['USER ["a"]', ['user USER', 'text ["a"]']],
    ['STOPSIGNAL a', ['stopsignal STOPSIGNAL', 'text a']],
    ['RUN a  && "b\\n" # c', ['run RUN', 'text a  && "b\\n" # c']],
    ['CMD ["a", \'b\']', ['cmd CMD', 'text ["a", \'b\']']],
    ['RUN \u00a0a\u00a0', ['run RUN', 'text a']],
    ['RUN \udca0 \udc85--a b', ['run RUN', 'flag --a', 'text b']],
    ['RUN 💅 \udca0', ['run RUN', 'text 💅 \udca0']],
  ])('are one text: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it.each([
    ['FROM a\tAS  b', ['from FROM', 'word a', 'word AS', 'word b']],
    ['EXPOSE 80 "8 1"', ['expose EXPOSE', 'word 80', 'word "8', 'word 1"']],
    ['COPY a\\ b c', ['copy COPY', 'word a\\', 'word b', 'word c']],
    ['ADD ["a" "b"] c', ['add ADD', 'word ["a"', 'word "b"]', 'word c']],
    ['VOLUME a\u00a0b', ['volume VOLUME', 'word a\u00a0b']],
    ['FROM ["a"]', ['from FROM', 'word ["a"]']],
  ])('are words that know no quotes: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it.each([
    ['ARG a b=c', ['arg ARG', 'word a', 'word b=c']],
    ['ARG a="b c" d', ['arg ARG', 'word a="b c"', 'word d']],
    ["ARG a='b c'd e", ['arg ARG', "word a='b c'd", 'word e']],
    ['ARG a=b\\ c d', ['arg ARG', 'word a=b\\ c', 'word d']],
    ['ARG a="b\\" c" d', ['arg ARG', 'word a="b\\" c"', 'word d']],
    ["ARG a='b\\' c", ['arg ARG', "word a='b\\'", 'word c']],
    ['ARG a="b c', ['arg ARG', 'word a="b c']],
    ['ARG a\u00a0b\u2003c', ['arg ARG', 'word a', 'word b', 'word c']],
    ['ARG a \\\f', ['arg ARG', 'word a']],
    ['ARG \\\f', ['arg ARG', 'empty']],
    ['ARG "" \'\'', ['arg ARG', 'word ""', "word ''"]],
  ])('are words that know quotes and escapes, which stay: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it('are words that end where the escape character of the file says', () => {
    expect(tokens('ARG a=b` c\\ d', '`')).toEqual(['arg ARG', 'word a=b` c\\', 'word d']);
  });

  it('lose what is not UTF-8 where quotes count, and only there', () => {
    expect(tokens('ARG a=\udcff')).toEqual(['arg ARG', 'word a=\ufffd']);
    expect(tokens('ENV a=\udcff')).toEqual(['env ENV', 'key a', 'equals =', 'value \ufffd']);
    expect(tokens('ENV a \udcff')).toEqual(['env ENV', 'key a', 'space  ', 'value \udcff']);
    expect(tokens('COPY \udcff b')).toEqual(['copy COPY', 'word \udcff', 'word b']);
  });
});

describe('pairs', () => {
  it.each([
    ['ENV a=b c="d e"', ['env ENV', 'key a', 'equals =', 'value b', 'key c', 'equals =', 'value "d e"']],
    ['LABEL "a b"=c=d', ['label LABEL', 'key "a b"', 'equals =', 'value c=d']],
    ['ENV a= =b', ['env ENV', 'key a', 'equals =', 'value', 'key', 'equals =', 'value b']],
    ['ENV a=b c', ['env ENV', 'key a', 'equals =', 'value b', 'bare c']],
    ['ENV "a=b" c', ['env ENV', 'key "a', 'equals =', 'value b"', 'bare c']],
  ])('with an equals sign in the first word: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it.each([
    ['ENV a b', ['env ENV', 'key a', 'space  ', 'value b']],
    ['ENV a \t b=c  "d ', ['env ENV', 'key a', 'space  ', 'value b=c  "d']],
    ['ENV a \u00a0b', ['env ENV', 'key a', 'space  ', 'value \u00a0b']],
    ['LABEL "a b" c', ['label LABEL', 'key "a', 'space  ', 'value b" c']],
    ['ENV a\\ b c', ['env ENV', 'key a\\', 'space  ', 'value b c']],
  ])('without one, in the old form: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });

  it.each([
    ['ENV a', ['env ENV', 'bare a']],
    ['ENV a\u00a0b', ['env ENV', 'bare a\u00a0b']],
    ['LABEL', ['label LABEL', 'empty']],
  ])('without a value: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

describe('the JSON form', () => {
  const array = ['open [', 'string a b', 'comma ,', 'string "é\n', 'close ]'];

  it.each(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'ADD', 'COPY', 'VOLUME', 'HEALTHCHECK CMD'])(
    'exists for %s',
    (start) => {
      expect(tokens(`${start} [ "a b",\t"\\"\\u00e9\\n" ] `).slice(-5)).toEqual(array);
    },
  );

  it('may be empty', () => {
    expect(tokens('CMD [ ]')).toEqual(['cmd CMD', 'open [', 'close ]']);
  });

  it('has the replacement character for what is no character', () => {
    expect(tokens('CMD ["\\ud800", "\udcff", "\\ud83d\\ude00", "\\ud800\udc80"]')).toEqual([
      ...['cmd CMD', 'open [', 'string \ufffd', 'comma ,', 'string \ufffd', 'comma ,'],
      ...['string 😀', 'comma ,', 'string \ufffd\ufffd', 'close ]'],
    ]);
  });

  it('allows wide white space before a probe', () => {
    expect(tokens('HEALTHCHECK CMD \u00a0["a"]').slice(2)).toEqual(['open [', 'string a', 'close ]']);
    expect(tokens('HEALTHCHECK CMD \u00a0[a]').slice(2)).toEqual(['text \u00a0[a]']);
  });

  it('is noted where its values are no strings', () => {
    const { misformedArrays } = lex('ONBUILD RUN [1, 2]');
    expect(tokens('ONBUILD RUN [1, 2]')).toEqual(['onbuild ONBUILD', 'run RUN', 'text [1, 2]']);
    expect(misformedArrays.map(({ start, end }) => [start, end])).toEqual([[12, 18]]);
  });
});

describe('HEALTHCHECK', () => {
  it.each([
    ['HEALTHCHECK', ['healthcheck HEALTHCHECK', 'empty']],
    ['HEALTHCHECK NONE', ['healthcheck HEALTHCHECK', 'word NONE', 'empty']],
    ['HEALTHCHECK CMD a  b', ['healthcheck HEALTHCHECK', 'word CMD', 'text a  b']],
    ['HEALTHCHECK --a=b\tCMD\f\ta', ['healthcheck HEALTHCHECK', 'flag --a=b', 'word CMD', 'text a']],
    ['HEALTHCHECK NONE\u00a0', ['healthcheck HEALTHCHECK', 'word NONE', 'empty']],
    ['HEALTHCHECK CMD\udca0a', ['healthcheck HEALTHCHECK', 'word CMD', 'text a']],
    ['HEALTHCHECK CMD💅 a', ['healthcheck HEALTHCHECK', 'word CMD💅', 'text a']],
    ['HEALTHCHECK "CMD a"', ['healthcheck HEALTHCHECK', 'word "CMD', 'text a"']],
  ])('has a type and a command: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

describe('ONBUILD', () => {
  it.each([
    ['ONBUILD', ['onbuild ONBUILD', 'empty']],
    ['ONBUILD run a', ['onbuild ONBUILD', 'run run', 'text a']],
    ['ONBUILD --a ENV --b c', ['onbuild ONBUILD', 'flag --a', 'env ENV', 'flag --b', 'bare c']],
    ['ONBUILD ONBUILD ONBUILD', ['onbuild ONBUILD', 'onbuild ONBUILD', 'onbuild ONBUILD', 'empty']],
    ['ONBUILD FOO a', ['onbuild ONBUILD', 'unknown FOO', 'ignored a']],
    ['ONBUILD -- --a', ['onbuild ONBUILD', 'unknown --a', 'empty']],
    ['ONBUILD --é --a ADD --à x', ['onbuild ONBUILD', 'flag --Ã©', 'flag --a', 'add ADD', 'flag --Ã', 'word x']],
  ])('begins anew: %j', (text, expected) => {
    expect(tokens(text)).toEqual(expected);
  });
});

describe('spans', () => {
  it('are where the tokens were written, over continuation lines', () => {
    const text = '\n  COPY \\\n  --from="a\\\n b" \\\n# c\n\n src \\\n d\\\nst';
    expect(tokens(text)).toEqual(['copy COPY', 'flag --from=a b', 'word src', 'word dst']);
    expect(slices(text)).toEqual(['COPY', '--from="a\\\n b"', 'src', 'd\\\nst']);
  });

  it('of pairs are those of their parts', () => {
    expect(slices('ENV a="b c" d=')).toEqual(['ENV', 'a', '=', '"b c"', 'd', '=', '']);
    expect(slices('ENV a \t b c')).toEqual(['ENV', 'a', ' \t ', 'b c']);
  });

  it('of JSON strings have the quotes in them', () => {
    expect(slices('CMD [ "a",\\\n"\\n" ]')).toEqual(['CMD', '[', '"a"', ',', '"\\n"', ']']);
  });

  it('of nothing are empty and stand at the end', () => {
    const text = 'USER  \\\n';
    const [, empty] = lex(text).tokens;
    expect(empty?.span).toMatchObject({ start: 4, end: 4 });
  });

  it('rise, and what is taken as it is stands there', () => {
    const piece = fc.constantFrom(
      'ENV ',
      'RUN ',
      'COPY ',
      'ONBUILD ',
      'CMD ',
      '--a ',
      '"',
      'b',
      '=',
      ' ',
      '\\\n',
      '\\',
      '[',
      ']',
      'é',
    );
    const verbatim: ReadonlySet<Token['type']> = new Set([
      'unknown',
      'text',
      'ignored',
      'key',
      'value',
      'bare',
      'word',
    ]);
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1 }), (pieces) => {
        const text = `x${pieces.join('')}`;
        let at = 0;
        for (const { type, value, span } of lex(text).tokens) {
          expect(span.start).toBeGreaterThanOrEqual(at);
          expect(span.end).toBeLessThanOrEqual(text.length);
          at = span.end;
          const slice = text.slice(span.start, span.end);
          if (verbatim.has(type)) expect(slice.replaceAll('\\\n', '')).toBe(value);
        }
      }),
    );
  });
});
