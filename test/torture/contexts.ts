import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Random } from './random.ts';

/** Builds of several kinds, each a context with a Dockerfile whose result depends on nothing but the argument SALT. */
export type ContextName = 'run' | 'copy' | 'stages' | 'cache' | 'archive' | 'pull';

export const contextNames: readonly ContextName[] = ['run', 'copy', 'stages', 'cache', 'archive', 'pull'];

/** How many values SALT has. */
export const salts = 3;

const run = `
FROM busybox
ARG SALT
RUN mkdir -p /many && for i in $(seq 300); do echo $SALT $i > /many/$i; done
RUN rm -r /many/1* && ln /many/2 /hard && ln -s /many/2 /soft && chmod 4750 /many/3 && chown 7:8 /many/4
RUN yes "$SALT" | head -c 6000000 > /large && mkfifo /pipe
RUN sha256sum /large /many/2* > /sums && rm /large
`;

const copy = `
FROM busybox
ARG SALT
COPY files$SALT /files
COPY --chown=3:4 files$SALT/a /owned
COPY --link files$SALT/b /linked
COPY --chmod=700 data /data
RUN cat /files/a/* /owned/* /linked/* | sha256sum > /sum
`;

const stages = `
FROM busybox AS one
ARG SALT
RUN yes one | head -c 3000000 > /out; echo $SALT >> /out
FROM busybox AS two
ARG SALT
RUN sleep 0.1; echo $SALT two > /out
FROM one AS three
RUN cat /out | sha256sum > /sum
FROM busybox
COPY --from=one /out /one
COPY --from=two --link /out /two
COPY --from=three /sum /three
RUN cat /one /two /three | sha256sum > /all
`;

const cache = `
FROM busybox
ARG SALT
RUN --mount=type=cache,target=/cache for i in $(seq 100); do echo whole > /cache/.$i; mv /cache/.$i /cache/$i; done; \\
  for i in $(seq 100); do [ "$(cat /cache/$i)" = whole ] || exit 9; done; echo $SALT > /done
RUN --mount=type=cache,target=/own,sharing=locked echo $SALT > /own/mine; sleep 0.05; cp /own/mine /locked
RUN --mount=type=tmpfs,target=/memory --mount=type=bind,source=data,target=/data \\
  cat /data > /memory/data && sha256sum /memory/data | cut -c 1-64 > /sum
`;

const archive = `
FROM busybox
ARG SALT
ADD files.tar.gz /packed/
ADD files.tar.xz /$SALT/
ADD --unpack=false files.tar.gz /file.tar.gz
RUN cat /packed/files0/a/* /file.tar.gz | sha256sum > /sum
`;

const texts = { run, copy, stages, cache, archive };

/** @param pulled what FROM calls the image of the registry */
function dockerfileOf(name: ContextName, pulled: string): string {
  if (name !== 'pull') return texts[name];
  return `FROM ${pulled}\nARG SALT\nRUN cat /layer*/* | sha256sum > /sum; echo $SALT > /s\n`;
}

/** Writes all contexts into a folder; all files have the same time. */
export function writeContexts(
  folder: string,
  { random, pulled }: { readonly random: Random; readonly pulled: string },
) {
  for (const name of contextNames) {
    const context = join(folder, name);
    write(join(context, 'Dockerfile'), dockerfileOf(name, pulled));
    if (name === 'copy' || name === 'cache') write(join(context, 'data'), random.bytes(2_000_000));
  }
  for (let salt = 0; salt < salts; salt++) writeFiles(join(folder, 'copy', `files${salt}`), random, 200);
  const packed = join(folder, 'packed');
  writeFiles(join(packed, 'files0'), random, 200);
  setTimes(packed);
  const tar = (kind: string, ending: string) => {
    const flags = ['--sort=name', '--owner=0', '--group=0', '--numeric-owner', '--mtime=@1000000000', '-C', packed];
    execFileSync('tar', [...flags, kind, '-cf', join(folder, 'archive', `files.tar.${ending}`), 'files0']);
  };
  tar('--gzip', 'gz');
  tar('--xz', 'xz');
  setTimes(folder);
}

function writeFiles(folder: string, random: Random, count: number): void {
  for (const part of ['a', 'b']) {
    for (let index = 0; index < count; index++)
      write(join(folder, part, String(index)), random.bytes(random.below(6000)));
    symlinkSync('0', join(folder, part, 'link'));
  }
}

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Of files and directories, not of links. */
function setTimes(folder: string): void {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) setTimes(path);
    else if (entry.isFile()) utimesSync(path, 1_000_000_000, 1_000_000_000);
  }
  utimesSync(folder, 1_000_000_000, 1_000_000_000);
}
