import { describe, expect, it } from 'vitest';
import { instruction, instructionOf, mistake, valuesOf } from './testing.ts';

describe.each(['COPY', 'ADD'] as const)('%s', (keyword) => {
  const transfer = (text: string) => {
    const typed = instruction(`${keyword} ${text}`);
    if (typed.kind !== 'copy' && typed.kind !== 'add') throw new Error(typed.kind);
    return typed;
  };
  const paths = (text: string) => {
    const { sources, destination } = transfer(text);
    return [...valuesOf(sources), destination.value];
  };

  it.each([
    ['a b', ['a', 'b']],
    ['a  b\tc/', ['a', 'b', 'c/']],
    ['["a b", "c"]', ['a b', 'c']],
    ['"a b" c', ['"a', 'b"', 'c']],
    ['["a", \'b\']', ['["a",', "'b']"]],
    ['. .', ['.', '.']],
    ['a <<', ['a', '<<']],
  ])('has sources and a destination: %s', (text, expected) => {
    expect(paths(text)).toEqual(expected);
  });

  it('has defaults', () => {
    expect(transfer('a b')).toMatchObject({
      contents: [],
      chown: { value: '' },
      chmod: { value: '' },
      link: false,
      exclude: [],
    });
  });

  it('has the flags of both', () => {
    expect(transfer('--chown=a:b --chmod=u=rwX,go= --link --exclude=*.c --exclude=d a b')).toMatchObject({
      chown: { value: 'a:b' },
      chmod: { value: 'u=rwX,go=' },
      link: true,
      exclude: ['*.c', 'd'],
    });
    expect(transfer('--link=false a b').link).toBe(false);
  });

  it('has heredocs as contents', () => {
    const text = 'x <<A <<-"B" /c/\n\t$a\nA\n\tb\n\t\tc\nB\n';
    const { sources, contents, destination } = transfer(text);
    expect(valuesOf(sources)).toEqual(['x']);
    expect(destination.value).toBe('/c/');
    expect(contents.map(({ path, content, expand }) => ({ path, content, expand }))).toEqual([
      { path: 'A', content: '\t$a\n', expand: true },
      { path: 'B', content: 'b\nc\n', expand: false },
    ]);
  });

  it('takes the last of the heredocs that share a name', () => {
    expect(transfer('<<A <<A /b\n1\nA\n2\nA\n').contents.map(({ content }) => content)).toEqual(['2\n', '2\n']);
  });

  it('has empty contents in the JSON form, which opens no heredocs', () => {
    expect(transfer('["<<A", "/b"]').contents).toMatchObject([{ path: 'A', content: '' }]);
  });

  it('knows where the contents stand', () => {
    const text = `${keyword} <<A /b\nx\nA\n`;
    const [content] = transfer('<<A /b\nx\nA\n').contents;
    expect(text.slice(content?.span.start, content?.span.end)).toBe('x\n');
  });

  const tooFew = `argument-count: ${keyword} requires at least two arguments, but only one was provided. Destination could not be determined`;
  it.each([
    ['', `${tooFew} «${keyword} »`],
    ['a', `${tooFew} «${keyword} a»`],
    ['["a"]', `${tooFew} «${keyword} ["a"]»`],
    ['[]', `${tooFew} «${keyword} []»`],
    ['--unknown a', `${tooFew} «${keyword} --unknown a»`],
    ['a <<B\nB\n', `heredoc-destination: ${keyword} cannot accept a heredoc as a destination «<<B»`],
    ['["a", "<<B"]', `heredoc-destination: ${keyword} cannot accept a heredoc as a destination «"<<B"»`],
    ['--chown a b', 'flag-without-value: missing a value on flag: --chown «--chown»'],
    ['--chmod 777 a b', 'flag-without-value: missing a value on flag: --chmod «--chmod»'],
    ['--chmod=1 --chmod=2 a b', 'flag-repeated: duplicate flag specified: --chmod «--chmod=2»'],
    ['--link=yes a b', 'flag-not-boolean: expecting boolean value for flag --link, not: yes «--link=yes»'],
    ['--lnk a b', 'flag-unknown: unknown flag: --lnk (did you mean link?) «--lnk»'],
    ['--exclude a b', 'flag-without-value: missing a value on flag: --exclude «--exclude»'],
    ['--unknown a <<B\nB\n', 'flag-unknown: unknown flag: --unknown «--unknown»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(`${keyword} ${text}`)).toBe(expected);
  });
});

describe('COPY', () => {
  it('has flags of its own', () => {
    expect(instructionOf('copy', 'COPY --from=$a --parents b c')).toMatchObject({
      from: { value: '$a' },
      parents: true,
    });
    expect(instructionOf('copy', 'COPY b c')).toMatchObject({ from: { value: '' }, parents: false });
  });

  it.each(['--checksum=a', '--keep-git-dir', '--unpack'])('has no %s', (flag) => {
    expect(mistake(`COPY ${flag} a b`)).toBe(`flag-unknown: unknown flag: ${flag.replace('=a', '')} «${flag}»`);
  });
});

describe('ADD', () => {
  it('has flags of its own', () => {
    expect(instructionOf('add', 'ADD --checksum=a --keep-git-dir --unpack=false b c')).toMatchObject({
      checksum: { value: 'a' },
      keepGitDir: true,
      unpack: false,
    });
  });

  it('tells what is not given from what is false', () => {
    expect(instructionOf('add', 'ADD b c')).toMatchObject({ keepGitDir: undefined, unpack: undefined });
    expect(instructionOf('add', 'ADD --keep-git-dir=false --unpack b c')).toMatchObject({
      keepGitDir: false,
      unpack: true,
    });
  });

  it.each(['--from=a', '--parents'])('has no %s', (flag) => {
    expect(mistake(`ADD ${flag} a b`)).toBe(`flag-unknown: unknown flag: ${flag.replace('=a', '')} «${flag}»`);
  });
});
