import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { writeBaseImage } from '../test/e2e/build/base-image.ts';
import { runCommand } from './command.ts';

/** An image that workloads build upon. */
export type BaseName = 'busybox' | 'debian' | 'node';

/** It, as files that builders can take. */
export interface Base {
  /** What FROM calls it. */
  readonly reference: string;
  readonly tag: string;
  /** Path of an OCI archive. */
  readonly archive: string;
  /** Path of an archive as `docker load` wants it; made when it is first asked for. */
  dockerArchive(): Promise<string>;
}

export type Bases = Readonly<Record<BaseName, Base>>;

export interface BasesOptions {
  /** Where to put them; those that are there already are taken. */
  readonly folder: string;
  /** `bin/kiln.js`, which makes the one with Node. */
  readonly program: string;
  readonly signal: AbortSignal;
}

const script = resolve(import.meta.dirname, '../examples/bases.sh');

/** Makes those that are needed. */
export async function makeBases(names: readonly BaseName[], options: BasesOptions): Promise<Bases> {
  const { folder, signal } = options;
  mkdirSync(folder, { recursive: true });
  const bases: Bases = {
    busybox: base(options, 'busybox', 'docker.io/library/busybox:latest'),
    debian: base(options, 'debian', 'docker.io/library/debian:bookworm-slim'),
    node: base(options, 'node', 'docker.io/library/bench-node:latest'),
  };
  const needed = new Set(names);
  if (needed.has('busybox') && !existsSync(bases.busybox.archive)) await writeBaseImage(bases.busybox.archive);
  if (needed.has('debian') || needed.has('node')) {
    await runCommand({ program: 'sh', args: [script, folder, 'debian'] }, { signal });
  }
  if (needed.has('node') && !existsSync(bases.node.archive)) await makeNode(bases, options);
  return bases;
}

function base({ folder, signal }: BasesOptions, name: BaseName, reference: string): Base {
  const tag = reference.slice(reference.lastIndexOf(':') + 1);
  const archive = join(folder, `${name}.oci.tar`);
  const converted = join(folder, `${name}.docker.tar`);
  const dockerArchive = async () => {
    if (!existsSync(converted)) {
      const args = ['copy', '--quiet', `oci-archive:${archive}:${tag}`, `docker-archive:${converted}:${reference}`];
      await runCommand({ program: 'skopeo', args }, { signal });
    }
    return converted;
  };
  return { reference, tag, archive, dockerArchive };
}

/** Debian with the Node that runs this, and this machine's npm and the way it gets packages. */
async function makeNode(bases: Bases, { folder, program, signal }: BasesOptions): Promise<void> {
  const context = join(folder, 'node-context');
  const env = { ...process.env, KILN_ROOT: join(folder, 'node-store') };
  const npm = async (...args: readonly string[]) => (await runCommand({ program: 'npm', args, cwd: folder })).trim();
  mkdirSync(context);
  cpSync(realpathSync(process.execPath), join(context, 'node'));
  cpSync(await npmFolder(), join(context, 'npm'), { recursive: true, dereference: true });
  const certificates = process.env['NODE_EXTRA_CA_CERTS'] ?? (await npm('config', 'get', 'cafile'));
  const isSet = existsSync(certificates);
  writeFileSync(join(context, 'ca.crt'), isSet ? readFileSync(certificates) : '');
  writeFileSync(join(context, 'npmrc'), `registry=${await npm('config', 'get', 'registry')}\n`);
  writeFileSync(
    join(context, 'Dockerfile'),
    `FROM ${bases.debian.reference}
COPY node /usr/local/bin/
COPY npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm
COPY npmrc /root/.npmrc
COPY ca.crt /etc/ssl/
${isSet ? 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/ca.crt' : ''}
`,
  );
  const kiln = (...args: readonly string[]) =>
    runCommand({ program: process.execPath, args: [program, ...args], env }, { signal });
  await kiln('load', '-i', bases.debian.archive);
  await kiln('build', '-t', bases.node.reference, '-o', `type=oci,dest=${bases.node.archive}`, context);
  for (const path of [context, env.KILN_ROOT]) rmSync(path, { recursive: true });
}

async function npmFolder(): Promise<string> {
  const found = await runCommand({ program: 'sh', args: ['-c', 'command -v npm'] });
  // npm/bin/npm-cli.js
  return dirname(dirname(realpathSync(found.trim())));
}
