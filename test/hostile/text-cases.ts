import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './command-case.ts';
import type { HostileCase } from './hostile-case.ts';
import type { Rig } from './rig.ts';

interface TextCase {
  readonly name: string;
  readonly dockerfile?: string | Uint8Array;
  readonly ignore?: string | Uint8Array;
  readonly expected: RegExp | 'right';
  /** ms */
  readonly limit?: number;
}

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, at) => text(at)).join('');
const copyAll = 'FROM scratch\nCOPY . /\n';

const table: readonly TextCase[] = [
  {
    name: 'variables nested 5000 deep',
    dockerfile: `FROM scratch\nENV a=${'${a:-'.repeat(5000)}${'}'.repeat(5000)}\n`,
    expected: /nested/,
  },
  {
    name: 'variables that double 60 times',
    dockerfile: `FROM scratch\nENV a0=xxxxxxxx\n${times(60, (at) => `ENV a${at + 1}=$a${at}$a${at}\n`)}`,
    expected: /too long|8388608|expand/,
  },
  {
    name: 'a hundred thousand stages',
    dockerfile: times(100_000, (at) => `FROM scratch AS s${at}\n`),
    expected: 'right',
    limit: 60_000,
  },
  {
    name: 'stages on top of each other',
    dockerfile: `FROM scratch AS s0\n${times(20_000, (at) => `FROM s${at} AS s${at + 1}\nENV a${at}=1\n`)}`,
    expected: 'right',
    limit: 60_000,
  },
  {
    name: 'stages in a circle',
    dockerfile: 'FROM b AS a\nCOPY --from=b / /\nFROM a AS b\nCOPY --from=a / /\n',
    expected: /./,
  },
  {
    name: 'a stage that copies from itself',
    dockerfile: 'FROM scratch AS a\nCOPY --from=a / /\n',
    expected: /circular/,
  },
  { name: 'null bytes', dockerfile: 'FROM scratch\nENV a=\0\nCOPY \0 /\n', expected: /./ },
  {
    name: 'a line of ten megabytes',
    dockerfile: `FROM scratch\nLABEL a=${'x'.repeat(10 << 20)}\n`,
    expected: /too long|65535|line/,
  },
  {
    name: 'a hundred thousand continuation lines',
    dockerfile: `FROM scratch\nLABEL ${'a=b \\\n'.repeat(100_000)}c=d\n`,
    expected: 'right',
    limit: 60_000,
  },
  {
    name: 'heredocs in the hundred thousands',
    dockerfile: `FROM scratch\nCOPY ${times(20_000, (at) => `<<E${at} \\\n`)} /a/\n${times(20_000, (at) => `E${at}\n`)}`,
    expected: 'right',
    limit: 120_000,
  },
  {
    name: 'a heredoc that never ends',
    dockerfile: `FROM scratch\nCOPY <<A /a\n${'x\n'.repeat(500_000)}`,
    expected: /unterminated heredoc/,
  },
  {
    name: 'a file name of a heredoc that leads out',
    dockerfile: 'FROM scratch\nCOPY <<../../../../../../tmp/x /a/\nx\n../../../../../../tmp/x\n',
    expected: 'right',
  },
  {
    name: 'bytes that are no text',
    dockerfile: Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 48_271) & 255)),
    expected: /./,
  },
  {
    name: 'a Dockerfile of a hundred megabytes',
    dockerfile: Buffer.alloc(100 << 20, 'RUN x\n'),
    expected: /./,
    limit: 120_000,
  },
  { name: 'nothing', dockerfile: '', expected: /empty|no build stage/ },
  { name: 'copying upwards', dockerfile: 'FROM scratch\nCOPY ../../../../canary /\n', expected: /not found/ },
  { name: 'copying from a link that leads out', dockerfile: 'FROM scratch\nCOPY link/file /\n', expected: /not found/ },
  {
    name: 'copying to a place that leads out',
    dockerfile: 'FROM scratch\nCOPY Dockerfile /../../../../tmp/x\n',
    expected: 'right',
  },
  {
    name: 'a wildcard of stars',
    dockerfile: `FROM scratch\nCOPY ${'*a'.repeat(5000)} /\n`,
    expected: 'right',
  },
  { name: 'a wildcard of brackets', dockerfile: `FROM scratch\nCOPY ${'['.repeat(5000)} /\n`, expected: /./ },
  {
    name: 'an ignore file of many stars',
    dockerfile: copyAll,
    ignore: `${'**/'.repeat(5000)}x\n${'*'.repeat(20_000)}\n!Dockerfile\n`,
    expected: 'right',
  },
  {
    name: 'an ignore file of stars and letters',
    dockerfile: copyAll,
    ignore: `${'*a'.repeat(10_000)}\n${'**/a/'.repeat(2000)}**\n`,
    expected: 'right',
  },
  {
    name: 'an ignore file of a hundred thousand patterns',
    dockerfile: copyAll,
    ignore: times(100_000, (at) => `${at % 2 === 0 ? '!' : ''}**/d${at}/*\n`),
    expected: 'right',
    limit: 60_000,
  },
  { name: 'an ignore file of brackets', dockerfile: copyAll, ignore: '[\n', expected: /pattern/ },
  { name: 'an ignore file with ranges that are none', dockerfile: copyAll, ignore: '[z-a]\n', expected: /pattern/ },
  {
    name: 'an ignore file of a long range',
    dockerfile: copyAll,
    ignore: `[${'a-z'.repeat(20_000)}]\n`,
    expected: 'right',
  },
  {
    name: 'an ignore file that is only negations',
    dockerfile: copyAll,
    ignore: '!\n',
    expected: /illegal exclusion pattern/,
  },
  { name: 'an ignore file of null bytes', dockerfile: copyAll, ignore: '\0\0\0\n', expected: 'right' },
  {
    name: 'an ignore file of ten megabytes in one line',
    dockerfile: copyAll,
    ignore: 'x'.repeat(10 << 20),
    expected: /./,
    limit: 60_000,
  },
  {
    name: 'an ignore file that leads out',
    dockerfile: copyAll,
    ignore: '../../../**\n!../canary\n',
    expected: 'right',
  },
];

/** Dockerfiles and ignore files. */
export const textCases: readonly HostileCase[] = table.map(({ name, dockerfile = '', ignore, expected, limit }) => ({
  name: `a Dockerfile with ${name}`,
  run: async (rig: Rig) => {
    const context = rig.context({ Dockerfile: dockerfile, ...(ignore !== undefined && { '.dockerignore': ignore }) });
    symlinkSync(rig.canary.path, join(context, 'link'));
    writeFileSync(join(context, 'a'), 'a');
    await build(rig, [context], expected, { limit: limit ?? 30_000 });
  },
}));
