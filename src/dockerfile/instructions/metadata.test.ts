import { describe, expect, it } from 'vitest';
import { instruction, instructionOf, mistake, valuesOf } from './testing.ts';

describe('ARG', () => {
  it('has names, and values where there is an equals sign', () => {
    const { args } = instructionOf('arg', 'ARG a b= c=d=e f="g h"');
    expect(args.map(({ key, value }) => [key, value])).toEqual([
      ['a', undefined],
      ['b', ''],
      ['c', 'd=e'],
      ['f', '"g h"'],
    ]);
  });

  it('has the descriptions that comments give', () => {
    const { args } = instructionOf('arg', '# b the second\n# a the first\nARG a=1 b c');
    expect(args.map(({ description }) => description)).toEqual(['the first', 'the second', '']);
  });

  it('ignores flags', () => {
    expect(instructionOf('arg', 'ARG --a b').args.map(({ key }) => key)).toEqual(['b']);
  });

  it.each([
    ['ARG', 'argument-count: ARG requires at least one argument «ARG»'],
    ['ARG --a', 'argument-count: ARG requires at least one argument «ARG»'],
    ['ARG a =b', 'blank-name: ARG names can not be blank «=b»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

describe.each(['CMD', 'ENTRYPOINT', 'RUN'] as const)('%s', (keyword) => {
  const command = (text: string) => {
    const typed = instruction(`${keyword} ${text}`);
    return 'command' in typed ? typed.command : undefined;
  };

  it.each([
    ['a  b # c', { arguments: ['a  b # c'], prependShell: true }],
    ['["a", "b c"]', { arguments: ['a', 'b c'], prependShell: false }],
    ["['a']", { arguments: ["['a']"], prependShell: true }],
    ['[]', { arguments: [], prependShell: false }],
    ['', { arguments: [], prependShell: true }],
  ])('takes %j', (text, expected) => {
    expect(command(text)).toEqual(expected);
  });
});

it.each([
  ['CMD --a b', 'flag-unknown: unknown flag: --a «--a»'],
  ['ENTRYPOINT --a b', 'flag-unknown: unknown flag: --a «--a»'],
  ['ENTRYPOINT ["a"] --b', undefined],
])('%s has no flags', (text, expected) => {
  if (expected === undefined) expect(() => instruction(text)).not.toThrow();
  else expect(mistake(text)).toBe(expected);
});

describe.each(['ENV', 'LABEL'] as const)('%s', (keyword) => {
  const pairs = (text: string) => {
    const typed = instruction(`${keyword} ${text}`);
    return 'pairs' in typed ? typed.pairs.map(({ key, value, legacy }) => [key.value, value.value, legacy]) : undefined;
  };

  it.each([
    [
      'a=b c="d e"',
      [
        ['a', 'b', false],
        ['c', '"d e"', false],
      ],
    ],
    ['a=', [['a', '', false]]],
    ['a=b=c', [['a', 'b=c', false]]],
    ['"a b"=c', [['"a b"', 'c', false]]],
    ['a b', [['a', 'b', true]]],
    ['a  b  c=d', [['a', 'b  c=d', true]]],
    ['a ""', [['a', '""', true]]],
  ])('takes %j', (text, expected) => {
    expect(pairs(text)).toEqual(expected);
  });

  it.each([
    ['', `argument-count: ${keyword} requires at least one argument «${keyword}»`],
    ['=a', `blank-name: ${keyword} names can not be blank «a»`],
    ['a=b =c', `blank-name: ${keyword} names can not be blank «c»`],
    ['--a b=c', 'flag-unknown: unknown flag: --a «--a»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(`${keyword} ${text}`)).toBe(expected);
  });
});

describe('EXPOSE', () => {
  it('has ports, sorted as texts', () => {
    expect(valuesOf(instructionOf('expose', 'EXPOSE 80 8080/udp 443 $port 80').ports)).toEqual([
      ...['$port', '443', '80', '80', '8080/udp'],
    ]);
  });

  it.each([
    ['EXPOSE', 'argument-count: EXPOSE requires at least one argument «EXPOSE»'],
    ['EXPOSE --a 80', 'flag-unknown: unknown flag: --a «--a»'],
    ['EXPOSE --a', 'argument-count: EXPOSE requires at least one argument «EXPOSE»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

describe('MAINTAINER, STOPSIGNAL, USER and WORKDIR', () => {
  it('take the rest of the line', () => {
    expect(instructionOf('maintainer', 'MAINTAINER A  <a@b> ').maintainer.value).toBe('A  <a@b>');
    expect(instructionOf('stopsignal', 'STOPSIGNAL $a b').signal.value).toBe('$a b');
    expect(instructionOf('user', 'USER "a" b').user.value).toBe('"a" b');
    expect(instructionOf('workdir', 'WORKDIR /a b/["c"]').path.value).toBe('/a b/["c"]');
  });

  it('ignore flags of STOPSIGNAL', () => {
    expect(instructionOf('stopsignal', 'STOPSIGNAL --a 9').signal.value).toBe('9');
  });

  it.each([
    ['MAINTAINER', 'argument-count: MAINTAINER requires exactly one argument «MAINTAINER»'],
    ['stopsignal', 'argument-count: STOPSIGNAL requires exactly one argument «stopsignal»'],
    ['USER', 'argument-count: USER requires exactly one argument «USER»'],
    ['WORKDIR', 'argument-count: WORKDIR requires exactly one argument «WORKDIR»'],
    ['MAINTAINER --a b', 'flag-unknown: unknown flag: --a «--a»'],
    ['USER --a b', 'flag-unknown: unknown flag: --a «--a»'],
    ['WORKDIR --a b', 'flag-unknown: unknown flag: --a «--a»'],
    ['USER --a', 'argument-count: USER requires exactly one argument «USER»'],
  ])('refuse %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

describe('ONBUILD', () => {
  it.each([
    ['ONBUILD RUN a  b', 'RUN a  b'],
    ['  onbuild\t copy --from=a \\\n  b  c', 'copy --from=a   b  c'],
    ['ONBUILD FOO', 'FOO'],
    ['ONBUILD RUN <<A <<-"B"\na\nA\n\tb\n\tB\n', 'RUN <<A <<-"B"\na\nA\n\tb\nB'],
    ['ONBUILD COPY <<A /b\nA\n', 'COPY <<A /b\nA'],
  ])('keeps its trigger as written: %j', (text, expression) => {
    expect(instructionOf('onbuild', text).expression).toBe(expression);
  });

  it.each([
    ['ONBUILD', 'argument-count: ONBUILD requires at least one argument «ONBUILD»'],
    ['ONBUILD onbuild RUN a', "onbuild-trigger: Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed «onbuild»"],
    ['ONBUILD from a', "onbuild-trigger: FROM isn't allowed as an ONBUILD trigger «from»"],
    ['ONBUILD MAINTAINER a', "onbuild-trigger: MAINTAINER isn't allowed as an ONBUILD trigger «MAINTAINER»"],
    ['ONBUILD --a FROM b', 'flag-unknown: unknown flag: --a «--a»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

describe('SHELL', () => {
  it('takes JSON', () => {
    expect(instructionOf('shell', 'SHELL ["a", "-c"]').shell).toEqual(['a', '-c']);
  });

  it.each([
    ['SHELL', 'argument-count: SHELL requires at least one argument «SHELL»'],
    ['SHELL []', 'argument-count: SHELL requires at least one argument «SHELL»'],
    ['SHELL a -c', 'shell-form: SHELL requires the arguments to be in JSON form «SHELL a -c»'],
    ["SHELL ['a']", "shell-form: SHELL requires the arguments to be in JSON form «SHELL ['a']»"],
    ['SHELL --a ["b"]', 'flag-unknown: unknown flag: --a «--a»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});

describe('VOLUME', () => {
  it.each([
    ['VOLUME /a  /b', ['/a', '/b']],
    ['VOLUME ["/a b", " /c "]', ['/a b', '/c']],
    ['VOLUME "/a b"', ['"/a', 'b"']],
  ])('takes %s', (text, volumes) => {
    expect(valuesOf(instructionOf('volume', text).volumes)).toEqual(volumes);
  });

  it.each([
    ['VOLUME', 'argument-count: VOLUME requires at least one argument «VOLUME»'],
    ['VOLUME []', 'argument-count: VOLUME requires at least one argument «VOLUME»'],
    ['VOLUME ["/a", " "]', 'volume-empty: VOLUME specified can not be an empty string «" "»'],
    ['VOLUME --a /b', 'flag-unknown: unknown flag: --a «--a»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});
