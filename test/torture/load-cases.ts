import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A build that asks much of Kiln. */
export interface LoadCase {
  readonly name: string;
  /** Writes a context with a Dockerfile into an empty folder. `scale` is the part of it that is built. */
  readonly write: (folder: string, scale: number) => void;
  /** Whether it is built a second time, with everything known. */
  readonly again: boolean;
  /** An image is written, not only made. */
  readonly exports: boolean;
}

const dockerfile = (folder: string, lines: readonly string[]) => {
  writeFileSync(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`);
};

const many = <Value>(count: number, make: (index: number) => Value): readonly Value[] =>
  Array.from({ length: Math.ceil(count) }, (_, index) => make(index));

export const loadCases: readonly LoadCase[] = [
  {
    name: '1,000 stages',
    again: true,
    exports: true,
    write: (folder, scale) => {
      const stages = many(1000 * scale, (index) => [
        `FROM ${index % 100 === 0 ? 'busybox' : `stage${index - 1}`} AS stage${index}`,
        `WORKDIR /${index}`,
      ]);
      const copies = many(10 * scale, (index) => {
        const last = Math.min(index * 100 + 99, stages.length - 1);
        return `COPY --from=stage${last} /${last} /from${index}/`;
      });
      dockerfile(folder, [...stages.flat(), 'FROM busybox', ...copies]);
    },
  },
  {
    name: '10,000 vertices',
    again: true,
    exports: true,
    write: (folder, scale) => {
      const stages = many(1000 * scale, (stage) => [
        `FROM busybox AS stage${stage}`,
        ...many(9, (step) => `WORKDIR /${stage}/${step}`),
      ]);
      const groups = many(10 * scale, (group) => [
        `FROM scratch AS group${group}`,
        ...many(
          Math.min(100, 1000 * scale),
          (index) => `COPY --from=stage${group * 100 + index} /${group * 100 + index} /`,
        ),
      ]);
      const copies = groups.map((_, group) => `COPY --from=group${group} / /from${group}`);
      dockerfile(folder, [...stages.flat(), ...groups.flat(), 'FROM busybox', ...copies]);
    },
  },
  {
    name: 'a context of 200,000 files',
    again: true,
    exports: true,
    write: (folder, scale) => {
      for (const directory of many(400 * scale, String)) {
        mkdirSync(join(folder, directory));
        for (const file of many(500, String)) writeFileSync(join(folder, directory, file), `${directory} ${file}`);
      }
      dockerfile(folder, ['FROM busybox', 'COPY . /context']);
    },
  },
  {
    name: 'a layer of 5 GiB',
    again: false,
    exports: true,
    write: (folder, scale) => {
      const command = `for i in $(seq ${Math.ceil(80 * scale)}); do head -c 67108864 /dev/zero; echo $i; done > /large`;
      dockerfile(folder, ['FROM busybox', `RUN ${command}`]);
    },
  },
  {
    name: '500 layers on top of each other',
    again: true,
    exports: true,
    write: (folder, scale) => {
      dockerfile(folder, [
        'FROM busybox',
        ...many(500 * scale, (index) => `RUN echo ${index} > /${index}`),
        'RUN ls /',
      ]);
    },
  },
];
