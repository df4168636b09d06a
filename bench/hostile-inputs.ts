import { decodeText } from '../src/dockerfile/lexer/decode.ts';

const many = 100_000;

/** Instructions, one for each index, on lines of their own. */
function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join('\n');
}

/** One instruction of many pieces, each on a line of its own: lines must stay below 64 KiB. */
function spread(head: string, count: number, piece: (index: number) => string, tail = ''): string {
  return `FROM scratch\n${head} \\\n${lines(count, (index) => `${piece(index)} \\`)}\n${tail}\n`;
}

/** One instruction whose long text is cut into lines. */
function wrapped(head: string, text: string): string {
  return `FROM scratch\n${head}${text.replace(/.{60000}/g, '$&\\\n')}\n`;
}

/** An ENV whose word is a variable nested in the default of another, and so on. */
function nestedDefaults(depth: number, end: string): string {
  return wrapped('ENV A=', '${a:-'.repeat(depth) + end);
}

/** Inputs made to take long, by name; all are a few MB at most. */
export const hostileInputs: Readonly<Record<string, () => string>> = {
  '1 MB line': () => `FROM scratch\nRUN ${'x'.repeat(1e6)}\n`,
  '1 MB line, wrapped': () => wrapped('RUN ', 'x '.repeat(500_000)),
  '1 MB of backslashes': () => wrapped('ENV A=', '\\\\x'.repeat(330_000)),
  '1 MB of white space': () => `FROM scratch\n${lines(20, () => ' '.repeat(50_000))}\nRUN x${' '.repeat(60_000)}\\\n`,
  '100k continuation lines': () => spread('RUN', many, (index) => `word${index}`),
  '100k blank lines in a continuation': () => `FROM scratch\nRUN a \\\n${'\n'.repeat(many)}b\n`,
  '100k comments in a continuation': () => `FROM scratch\nRUN a \\\n${'# c\n'.repeat(many)}b\n`,
  '100k comments above': () => `FROM scratch\n${'# check=skip=all\n'.repeat(many)}RUN b\n`,
  '100k flags': () => spread('COPY', many, (index) => `--flag${index}=x`, 'a b'),
  '100k --exclude flags': () => spread('COPY', many, (index) => `--exclude=x${index}`, 'a b'),
  '100k mounts': () => spread('RUN', many, (index) => `--mount=type=cache,target=/c${index}`, 'true'),
  '100k words of RUN': () => spread('RUN', many, () => 'word'),
  '100k words of COPY': () => spread('COPY', many, (index) => `f${index}`, '/'),
  '100k words of EXPOSE': () => spread('EXPOSE', many, (index) => String(index % 65_536)),
  '100k words of VOLUME': () => spread('VOLUME', many, (index) => `/v${index}`),
  '100k pairs of ENV': () => spread('ENV', many, (index) => `K${index}=v`),
  '100k pairs of LABEL': () => spread('LABEL', many, (index) => `k${index}="v $x"`),
  '100k names of ARG': () => spread('ARG', many, (index) => `a${index}=v`),
  '100k items of JSON': () => `FROM scratch\nRUN [ \\\n${lines(many, (index) => `"w${index}", \\`)}\n"end"]\n`,
  '100k ENV': () => `FROM scratch\n${lines(many, (index) => `ENV K${index}=v`)}\n`,
  '100k ARG': () => `FROM scratch\n${lines(many, (index) => `ARG A${index}=\${A${index - 1}}`)}\n`,
  '100k global ARG': () => `${lines(many, (index) => `ARG A${index}=$A${index - 1}`)}\nFROM scratch\n`,
  '100k LABEL': () => `FROM scratch\n${lines(many, (index) => `LABEL k${index}=v`)}\n`,
  '100k EXPOSE': () => `FROM scratch\n${lines(many, (index) => `EXPOSE ${index % 65_536}`)}\n`,
  '10k relative WORKDIR': () => `FROM scratch\n${lines(10_000, () => 'WORKDIR a')}\n`,
  '10k growing PATH': () => `FROM scratch\n${lines(10_000, () => 'ENV PATH=$PATH:/x')}\n`,
  '100k stages': () => lines(many, (index) => `FROM scratch AS s${index}\n`),
  '100k stages in a chain': () =>
    `FROM a AS s0\n${lines(many, (index) => `FROM s${index} AS s${index + 1}\nENV K${index}=v`)}\n`,
  '100k stages of one name': () => `${lines(many, () => 'FROM scratch AS s')}\n`,
  '100k COPY --from': () => `FROM a AS s\n${lines(many, () => 'FROM s\nCOPY --from=s / /')}\n`,
  '10k COPY from all stages': () =>
    `${lines(10_000, (index) => `FROM a AS s${index}`)}\nFROM b\n${lines(10_000, (index) => `COPY --from=s${index} / /`)}\n`,
  '10k undefined variables beside 10k ENV': () =>
    `FROM scratch\n${lines(10_000, (index) => `ENV KEY${index}=v`)}\n${lines(10_000, (index) => `ENV X=$KYE${index}`)}\n`,
  '100k undefined variables in a word': () =>
    wrapped('ENV A=', Array.from({ length: many }, (_, index) => `$v${index}`).join('')),
  '100k unknown instructions': () => `FROM scratch\n${lines(many, (index) => `FORM${index} x`)}\n`,
  '100k unknown flags': () => `FROM scratch\n${lines(many, () => 'RUN --mont=x true')}\n`,
  '100k nested ONBUILD': () => wrapped('', `${'ONBUILD '.repeat(many)}RUN x`),
  '100k lines of ONBUILD': () => `FROM scratch\n${lines(many, () => 'ONBUILD RUN x')}\n`,
  '100k warnings': () => `FROM scratch\n${lines(many, () => 'maintainer me')}\n`,
  '100k nested quotes': () => wrapped('ENV A=', `"'`.repeat(many)),
  '100k escaped quotes': () => wrapped('ENV A="', `\\"`.repeat(many) + '"'),
  '100k nested brackets': () => wrapped('RUN ', '['.repeat(many)),
  '100k nested ${a:-': () => nestedDefaults(many, '}'.repeat(many)),
  '100k nested ${a:-, open': () => nestedDefaults(many, ''),
  '100 words of 1000 nested ${a:-': () => wrapped('ENV A=', `${'${a:-'.repeat(999)}x${'}'.repeat(999)}`.repeat(100)),
  '100k nested "${a:-': () => wrapped('ENV A=', '"${a:-'.repeat(many) + '}"'.repeat(many)),
  '100k pattern substitutions': () => wrapped(`ENV V=${'ab'.repeat(50)}\nENV A=`, '${V//a/b}'.repeat(many)),
  'star pattern substitution': () => patternBomb('${V//*a*a*a*a*a*a*a*a*a*b/c}'),
  'star pattern prefix removal': () => patternBomb('${V##*a*a*a*a*a*a*a*a*a*b}'),
  'star pattern suffix removal': () => patternBomb('${V%%b*a*a*a*a*a*a*a*a*a*}'),
  'doubling variables': () => `FROM scratch\nENV A=xxxxxxxx\n${lines(40, () => 'ENV A=$A$A')}\n`,
  'unterminated quote': () => wrapped('ENV A="', 'x '.repeat(500_000)),
  'unterminated JSON': () => wrapped('RUN ["', 'x ", "'.repeat(100_000)),
  'unterminated heredoc': () => `FROM scratch\nRUN <<EOF\n${'line\n'.repeat(200_000)}`,
  '10k unterminated heredocs in a line': () => `FROM scratch\nRUN ${'<<EOF '.repeat(10_000)}\n${'line\n'.repeat(many)}`,
  '100k heredocs': () => `FROM scratch\n${lines(many / 2, (index) => `RUN <<E${index}\nx\nE${index}`)}\n`,
  '1 MB heredoc of COPY': () => `FROM scratch\nCOPY <<E /a\n${'$x ${y:-z}\n'.repeat(90_000)}E\n`,
  'invalid UTF-8': () =>
    decodeText(Buffer.from('FROM scratch\nENV A="\xff\xfe"\nRUN \xc3\x28\n'.repeat(30_000), 'latin1')),
  'invalid UTF-8 in a word': () => decodeText(Buffer.from(wrapped('ENV A=', '\xff\xc0'.repeat(500_000)), 'latin1')),
  NULs: () => wrapped('ENV A=', '\0'.repeat(1e6)),
  'lines of NULs': () => 'FROM scratch\n' + 'RUN \0\n'.repeat(many),
  'carriage returns': () => 'FROM scratch\r\n' + 'RUN a \\\r\n'.repeat(many) + '\r'.repeat(60_000),
  '1 MB of directives': () => '# escape=`\n# check=skip=all\n' + '# a=b\n'.repeat(170_000) + 'FROM scratch\n',
  '7k skipped checks and 10k warnings': () =>
    `# check=skip=${Array.from({ length: 7000 }, (_, index) => `R${index}`).join(',')}\nFROM scratch\n${lines(10_000, () => 'run x')}\n`,
};

function patternBomb(substitution: string): string {
  return `FROM scratch\nENV V=${'a'.repeat(60_000)}\nENV A=${substitution}\n`;
}
