import { describe, expect, it } from 'vitest';
import { chompHeredoc, findHeredocs, parseHeredoc } from './heredoc.ts';

const plain = { name: 'EOF', expand: true, chomp: false, fileDescriptor: 0 };

describe('parseHeredoc', () => {
  it.each([
    ['<<EOF', plain],
    ['<<-EOF', { ...plain, chomp: true }],
    ['3<<EOF', { ...plain, fileDescriptor: 3 }],
    ['12<<-EOF', { ...plain, chomp: true, fileDescriptor: 12 }],
    ["<<'EOF'", { ...plain, expand: false }],
    ['<<"EOF"', { ...plain, expand: false }],
    ["<<-E'O'F", { ...plain, expand: false, chomp: true }],
    ['<< EOF', plain],
    ['<<"E F"', { ...plain, name: 'E F', expand: false }],
    ['<<E\\ F', { ...plain, name: 'E F' }],
    ['<<\\EOF', plain],
    ["<<\\'", { ...plain, name: "'" }],
    ['<<$EOF', { ...plain, name: '$EOF' }],
    ['<<é', { ...plain, name: 'é' }],
    ['<<--EOF', { ...plain, name: '-EOF', chomp: true }],
  ])('reads %s', (word, start) => {
    expect(parseHeredoc(word)).toEqual(start);
  });

  it.each([
    '<<',
    '<<-',
    '<<""',
    'EOF',
    '<EOF',
    '<<<EOF',
    '<<EOF<',
    'a<<EOF',
    '<< E F',
    '<<"E',
    '"<<EOF"',
    '-1<<EOF',
    '<<${a',
  ])('takes %s for no heredoc', (word) => {
    expect(parseHeredoc(word)).toBeUndefined();
  });
});

describe('findHeredocs', () => {
  const names = (line: string) => findHeredocs(line).map(({ name }) => name);

  it('finds all of a line, in order', () => {
    expect(names('RUN cat <<A 3<<-B > c <<"D E"')).toEqual(['A', 'B', 'D E']);
  });

  it('allows white space behind the operator', () => {
    expect(names('RUN cat << A <<\t B 3<< "C"')).toEqual(['A', 'B', 'C']);
  });

  it('finds the same delimiter as often as it is there', () => {
    expect(names('RUN cat <<A <<A')).toEqual(['A', 'A']);
  });

  it.each([
    'RUN echo "<<A"',
    "RUN echo '<<A'",
    'RUN echo \\<<A',
    'RUN echo a<<A',
    'RUN cat <<<A',
    'RUN cat <<- A',
    'RUN a',
  ])('finds none in %s', (line) => {
    expect(names(line)).toEqual([]);
  });

  it.each(["RUN it's <<A", 'RUN "a <<A', 'RUN ${a <<A'])('finds none where shell words break off: %s', (line) => {
    expect(names(line)).toEqual([]);
  });

  it('knows no escape character but the backslash', () => {
    expect(names('RUN `"` <<A')).toEqual([]);
    expect(names('RUN \\" <<A')).toEqual(['A']);
  });
});

describe('chompHeredoc', () => {
  it('removes the tabs at the beginning of every line and nothing else', () => {
    expect(chompHeredoc('\ta\n\t\tb\tc\n \td\n\n\t\n')).toBe('a\nb\tc\n \td\n\n\n');
    expect(chompHeredoc('\ta\r\tb\r\n\tc\u2028\td')).toBe('a\r\tb\r\nc\u2028\td');
  });
});
