import { existsSync, readFileSync } from 'node:fs';
import { extract } from 'tar-stream';
import { type HostileCase, must } from './hostile-case.ts';
import { writeLayout } from './image-layout.ts';
import { file, pax } from './raw-tar.ts';
import type { KilnRun, Rig } from './rig.ts';

/** What must come of it: an error that says why; or files, of those that are named what they must be. */
export type Expected = { readonly error: RegExp } | { readonly files: Readonly<Record<string, string>> };

/** An archive, which is a context, a layer, and what ADD unpacks. */
export interface TarCase {
  readonly name: string;
  /** Without a Dockerfile. */
  readonly tar: (rig: Rig) => Uint8Array;
  /** What it becomes on the way, if it is not taken as it is. */
  readonly pack?: (tar: Uint8Array) => Uint8Array;
  /** By ADD, and as a context, if nothing else is said of that. Paths are relative to where it is unpacked. */
  readonly unpacked: Expected;
  readonly context?: Expected;
  readonly layer: Expected;
  readonly env?: KilnRun['env'];
  readonly isLong?: boolean;
  readonly limit?: number;
}

/** One case for each way in. */
export function tarCases(table: readonly TarCase[]): readonly HostileCase[] {
  return table.flatMap((one) => {
    const common = one.isLong === undefined ? {} : { isLong: one.isLong };
    return [
      { name: `${one.name}, as a context`, ...common, run: (rig) => asContext(one, rig) },
      { name: `${one.name}, unpacked by ADD`, ...common, run: (rig) => asArchive(one, rig) },
      { name: `${one.name}, as a layer`, ...common, run: (rig) => asLayer(one, rig) },
    ] satisfies readonly HostileCase[];
  });
}

async function asContext(
  { tar, pack, unpacked, context = unpacked, env = {}, limit }: TarCase,
  rig: Rig,
): Promise<void> {
  const dockerfile = file('Dockerfile', 'FROM scratch\nCOPY . /\n');
  const bytes = Buffer.concat([dockerfile, tar(rig)]);
  await expectOutcome(rig, ['-'], context, { env, limit, stdin: pack?.(bytes) ?? bytes });
}

async function asArchive({ tar, pack, unpacked, env = {}, limit }: TarCase, rig: Rig): Promise<void> {
  const bytes = tar(rig);
  const context = rig.context({ Dockerfile: 'FROM scratch\nADD a.tar /target/\n', 'a.tar': pack?.(bytes) ?? bytes });
  await expectOutcome(rig, [context], unpacked, { env, limit, prefix: 'target/' });
}

async function asLayer({ tar, pack, layer, env = {}, limit }: TarCase, rig: Rig): Promise<void> {
  const bytes = tar(rig);
  const below = Buffer.concat([pax({}), file('d/file', 'below'), file('below', 'below'), Buffer.alloc(1024)]);
  const layout = writeLayout(rig.path('layout'), [{ tar: below }, { tar: bytes, blob: pack?.(bytes) ?? bytes }]);
  const context = rig.context({ Dockerfile: 'FROM base\n' });
  const args = ['--build-context', `base=oci-layout://${layout}`, context];
  await expectOutcome(rig, args, layer, { env, limit });
}

interface Expectation extends KilnRun {
  readonly prefix?: string;
}

async function expectOutcome(rig: Rig, args: readonly string[], expected: Expected, how: Expectation): Promise<void> {
  const { prefix = '', ...run } = how;
  const output = rig.path('out.tar');
  const outcome = await rig.kiln(['build', '--progress=plain', '-o', `type=tar,dest=${output}`, ...args], run);
  const { code, err } = outcome;
  if ('error' in expected) {
    must(code !== 0, () => `no error`);
    must(expected.error.test(err), () => `another error than ${String(expected.error)}\n${err.slice(-1500)}`);
    must(!existsSync(output), () => 'an output was written');
    return;
  }
  must(code === 0, () => `an error\n${err.slice(-1500)}`);
  const files = await listTar(readFileSync(output));
  for (const [path, what] of Object.entries(expected.files)) {
    const full = prefix + (path.startsWith('CANARY') ? path.replace('CANARY', rig.canary.path.slice(1)) : path);
    const actual = files.get(full) ?? 'nothing';
    const wanted = what.replace('CANARY', rig.canary.path);
    must(
      actual === wanted,
      () => `${full} is ${actual}, not ${wanted}\n${[...files].map((one) => one.join(': ')).join('\n')}`,
    );
  }
}

/** What is in an archive, in the eyes of a program that is not ours. */
export async function listTar(bytes: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const reader = extract();
  reader.end(bytes);
  for await (const entry of reader) {
    const { name, type, linkname, mode, devmajor, devminor, size } = entry.header;
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) if (size < 4096) chunks.push(chunk as Uint8Array);
    const details: Readonly<Record<string, string>> = {
      file: size < 4096 ? Buffer.concat(chunks).toString() : `${size} bytes`,
      ...{ symlink: `-> ${linkname}`, link: `= ${linkname}` },
      'character-device': `${devmajor}:${devminor}`,
      'block-device': `${devmajor}:${devminor}`,
    };
    const bits = (mode & 0o7000) === 0 ? '' : ` ${(mode & 0o7777).toString(8)}`;
    files.set(name.replace(/\/$/, ''), `${type} ${details[type] ?? ''}`.trim() + bits);
  }
  return files;
}
