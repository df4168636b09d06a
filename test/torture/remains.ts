import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cFunction } from '../../src/system/c-library.ts';
import { controlGroupMountPoints } from '../../src/sandbox/control-group-hierarchies.ts';
import { list, read } from '../../bench/kernel-files.ts';

/** Processes whose parents die become children of this one, so that they are seen. */
export function adoptOrphans(): void {
  const setChildSubreaper = 36;
  cFunction('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')(
    setChildSubreaper,
    1,
    0,
    0,
    0,
  );
}

export interface RemainsOptions {
  /** Mounts in it are looked for, in all namespaces. */
  readonly folder: string;
  readonly store: string;
  /** Processes that were killed. */
  readonly killed: ReadonlySet<number>;
  /** Children of this process that belong here. */
  readonly known: ReadonlySet<number>;
}

/** What is left of processes that were killed, in a line each. */
export function remains({ folder, store, killed, known }: RemainsOptions): readonly string[] {
  return [
    ...mounts(folder),
    ...processes(known).map((pid) => `process ${pid} runs: ${read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ')}`),
    ...controlGroups(killed).map((path) => `control group ${path} is left`),
    ...['tmp', 'locks'].flatMap((name) => list(join(store, name)).map((file) => `${store}/${name}/${file} is left`)),
    ...list(join(folder, 'tmp')).map((name) => `${folder}/tmp/${name} is left`),
    ...list(join(folder, 'out')).map((name) => `${folder}/out/${name} is left`),
  ];
}

/** Children of this process that run. */
export function processes(known: ReadonlySet<number>): readonly number[] {
  return list('/proc/self/task')
    .flatMap((thread) => read(`/proc/self/task/${thread}/children`).split(' '))
    .map(Number)
    .filter((pid) => pid > 0 && !known.has(pid) && !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`) || 'State:\tX'));
}

function mounts(folder: string): readonly string[] {
  const found = new Map<string, string>();
  for (const pid of list('/proc').filter((name) => /^\d+$/.test(name))) {
    for (const line of read(`/proc/${pid}/mountinfo`).split('\n')) {
      if (line.includes(`${folder}/`)) found.set(line, `process ${pid} has the mount ${line}`);
    }
  }
  return [...found.values()];
}

function controlGroups(killed: ReadonlySet<number>): readonly string[] {
  const below = (path: string): readonly string[] =>
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => {
        const owner = Number(/^kiln-(\d+)-/.exec(name)?.[1] ?? -1);
        const inside = join(path, name);
        return [...(killed.has(owner) && !existsSync(`/proc/${owner}`) ? [inside] : []), ...below(inside)];
      });
  return controlGroupMountPoints().flatMap(below);
}
