import { describe, expect, it } from 'vitest';
import { dumpStatement } from './dump.ts';
import { parse } from './testing.ts';

const dump = (text: string) => parse(text).statements.map(dumpStatement).join('\n');

describe('dumpStatement', () => {
  it.each([
    ['FROM alpine AS a', '(from "alpine" "AS" "a")'],
    ['fRoM --platform=linux/arm64 a', '(from ["--platform=linux/arm64"] "a")'],
    ['ADD a b', '(add "a" "b")'],
    ['ARG a b=c d="e f"', '(arg "a" "b=c" "d=\\"e f\\"")'],
    ['CMD a  b', '(cmd "a  b")'],
    ['CMD ["a", "b c"]', '(cmd "a" "b c")'],
    ['CMD []', '(cmd)'],
    ['COPY --from=0 --chown=a:b ["a", "b"]', '(copy ["--from=0" "--chown=a:b"] "a" "b")'],
    ['ENTRYPOINT exec a', '(entrypoint "exec a")'],
    ['ENV a=b c="d"', '(env "a" "b" "=" "c" "\\"d\\"" "=")'],
    ['ENV a b c', '(env "a" "b c" "")'],
    ['EXPOSE 80 81/udp', '(expose "80" "81/udp")'],
    ['HEALTHCHECK NONE', '(healthcheck "NONE")'],
    ['HEALTHCHECK --retries=3 CMD a b', '(healthcheck ["--retries=3"] "CMD" "a b")'],
    ['HEALTHCHECK CMD ["a", "b"]', '(healthcheck "CMD" "a" "b")'],
    ['LABEL a.b="c\\"d"', '(label "a.b" "\\"c\\\\\\"d\\"" "=")'],
    ['MAINTAINER A <a@b>', '(maintainer "A <a@b>")'],
    ['ONBUILD RUN a', '(onbuild (run "a"))'],
    ['ONBUILD --a COPY --b c d', '(onbuild ["--a"] (copy ["--b"] "c" "d"))'],
    ['ONBUILD ONBUILD CMD', '(onbuild (onbuild (cmd)))'],
    ['RUN --mount=type=cache,target=/a b', '(run ["--mount=type=cache,target=/a"] "b")'],
    ['SHELL ["a", "-c"]', '(shell "a" "-c")'],
    ['STOPSIGNAL 9', '(stopsignal "9")'],
    ['USER a:b', '(user "a:b")'],
    ['VOLUME /a /b', '(volume "/a" "/b")'],
    ['WORKDIR /a b', '(workdir "/a b")'],
    ['RUN', '(run)'],
    ['FOO --a b', '(foo ["--a"] "")'],
    ['FOO', '(foo "")'],
    ['\\', '("")'],
    ['RUN <<EOF\na\nEOF', '(run "<<EOF")'],
  ])('writes %j as BuildKit does', (text, expected) => {
    expect(dump(text)).toBe(expected);
  });

  it('quotes texts as Go does', () => {
    expect(dump('RUN \t"\\a" é\u2003😀\x07\x7f\udcff b')).toBe('(run "\\"\\\\a\\" é\\u2003😀\\a\\x7f\\xff b")');
  });

  it('takes triggers of any depth', () => {
    const depth = 5000;
    expect(dump('ONBUILD '.repeat(depth) + 'CMD')).toBe('(onbuild '.repeat(depth) + '(cmd)' + ')'.repeat(depth));
  });
});

describe('a flag that ends inside a character', () => {
  it('leaves the rest of its bytes to the arguments', () => {
    expect(parse('COPY --chown=元 a b\n').statements.map(dumpStatement)).toEqual([
      '(copy ["--chown=å"] "\\x83" "a" "b")',
    ]);
  });
});
