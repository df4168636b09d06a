import fc from 'fast-check';
import { Source } from '../../diagnostic/source.ts';
import { instructionNames, type Ast } from './ast.ts';
import { parseDockerfile } from './parse.ts';

/** The AST of a text. */
export function parse(text: string): Ast {
  return parseDockerfile(new Source('Dockerfile', text));
}

const odd = ['"', "'", '\\', '`', '$', '=', '#', '[', ']', ',', '<', '<<', '-', '--', '{', '}', '\0', '\ufeff'];
const space = fc.constantFrom(' ', ' ', ' ', '  ', '\t', '\v', '\f', '\r', '\u0085', '\u00a0', '\u2003');
const plain = fc.constantFrom('a', 'b', 'x=y', '/bin', '1', 'é', 'à', '†', '😀', '\udcff', '\udcc3', '\ud83d');
const character = fc.oneof({ weight: 3, arbitrary: plain }, { weight: 3, arbitrary: fc.constantFrom(...odd) }, space);
const chunk = fc.array(character, { maxLength: 8 }).map((parts) => parts.join(''));

const casing = fc.constantFrom(
  (word: string) => word.toUpperCase(),
  (word: string) => word.toLowerCase(),
  (word: string) => word.charAt(0).toUpperCase() + word.slice(1),
);
const keyword = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.tuple(casing, fc.constantFrom(...instructionNames)).map(([change, name]) => change(name)),
  },
  { weight: 1, arbitrary: chunk },
);
const flag = fc.oneof(
  fc.constantFrom(
    '--from=0',
    '--link',
    '--mount=type=cache,target=/x',
    '--',
    '--a="b c"',
    "--a='b'c",
    '--à',
    '--é="à"',
  ),
  chunk.map((text) => `--${text}`),
);
const heredocStart = fc
  .tuple(
    fc.constantFrom('', '3'),
    fc.constantFrom('', '-'),
    fc.constantFrom('EOF', '"EOF"', "E'O'F", 'A', '\\A', 'é', ''),
  )
  .map(([descriptor, dash, name]) => `${descriptor}<<${dash}${name}`);
const json = fc
  .array(fc.string({ unit: 'binary', maxLength: 4 }), { maxLength: 3 })
  .map((items) => JSON.stringify(items));
const argument = fc.oneof(
  fc.constantFrom(
    'alpine',
    'AS build',
    'CMD',
    'NONE',
    '80/tcp',
    'a=b',
    'a="b c"',
    "k='v",
    'KEY value',
    '.',
    '/app',
    '\\',
  ),
  fc.constantFrom('["a", "b"]', '[]', '["a"', '[1]', '["a",\f"b"]', '["\\ud800"]', '[ "é" ]'),
  json,
  chunk,
  heredocStart,
  keyword,
);
const gap = fc.oneof({ weight: 9, arbitrary: fc.constant(' ') }, space);
const instruction = fc
  .tuple(keyword, fc.array(fc.tuple(gap, flag), { maxLength: 2 }), fc.array(fc.tuple(gap, argument), { maxLength: 4 }))
  .map(([name, flags, args]) => name + [...flags, ...args].map(([before, text]) => before + text).join(''));

const lineEnd = fc.constantFrom('\n', '\n', '\n', '\r\n');
const brk = fc
  .tuple(
    fc.constantFrom('\\', '`'),
    fc.constantFrom('', ' ', '\t'),
    lineEnd,
    fc.constantFrom('', '', '# c\n', ' \n', '\t'),
  )
  .map((parts) => parts.join(''));
/** Line breaks, escaped, anywhere. */
const brokenInstruction = fc
  .tuple(instruction, fc.array(fc.tuple(fc.nat({ max: 60 }), brk), { maxLength: 3 }))
  .map(([text, breaks]) => breaks.reduce((broken, [at, text]) => broken.slice(0, at) + text + broken.slice(at), text));
const line = fc.oneof(
  { weight: 6, arbitrary: brokenInstruction },
  { weight: 2, arbitrary: instruction },
  { weight: 2, arbitrary: fc.constantFrom('EOF', '\tEOF', 'A', '\tA', 'é', 'EOF\r', '') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('# comment', '#', '  # indented', '#!/bin/sh', '# escape=`', '# syntax=x y'),
  },
  { weight: 1, arbitrary: chunk },
);
const header = fc.constantFrom(
  '',
  '',
  '',
  '# escape=`\n',
  '#escape=\\\n# syntax=a\r\n',
  '\ufeff',
  '\n# escape=`\n',
  '# check= \n',
);

/** Texts that are nearly Dockerfiles: every instruction and form, with things that do not belong there. */
export const dockerfileText = fc
  .tuple(header, fc.array(fc.tuple(line, lineEnd), { maxLength: 6 }), fc.boolean())
  .map(([head, lines, endsOpen]) => {
    const text = head + lines.flat().join('');
    return endsOpen ? text.replace(/\r?\n$/, '') : text;
  });

/** Anything at all. */
export const tokenSoup = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .array(fc.oneof(character, keyword, argument, flag, brk, lineEnd), { maxLength: 30 })
    .map((parts) => parts.join('')),
);
