import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeBaseImage } from '../test/e2e/build/base-image.ts';

/*
 * Builds a few workloads with Kiln and with buildah, if that is installed, in turns, and prints medians and their ratio. Kiln
 * is timed as a whole cold process. To be run as root.
 *
 *     npm run bench [-- RUNS]
 */

interface Workload {
  readonly name: string;
  /** Flags of Kiln for the output. */
  readonly output: (folder: string) => readonly string[];
  readonly dockerfile: string;
  readonly prepare?: (context: string) => void;
  /** What is asked for. */
  readonly goal: string;
}

const cacheOnly = () => ['-o', 'type=cacheonly'];

const workloads: readonly Workload[] = [
  {
    name: '50 RUN',
    goal: '<= 25 ms a step',
    output: cacheOnly,
    dockerfile: ['FROM busybox', ...numbers(50).map((n) => `RUN echo ${n} > /f${n}`)].join('\n'),
  },
  {
    name: '8 stages of sleep 1',
    goal: '<= 1.25 s',
    output: cacheOnly,
    dockerfile: [
      ...numbers(8).map((n) => `FROM busybox AS s${n}\nRUN sleep 1; echo ${n} > /o${n}`),
      'FROM busybox',
      ...numbers(8).map((n) => `COPY --from=s${n} /o${n} /`),
    ].join('\n'),
  },
  {
    name: 'COPY 512 MiB, gzip',
    goal: '<= 200 MiB of memory',
    output: (folder) => ['-o', `type=oci,dest=${join(folder, 'out.tar')}`],
    dockerfile: 'FROM busybox\nCOPY big /big\n',
    prepare: (context) => {
      writeBig(join(context, 'big'), 512);
    },
  },
];

const program = resolve(import.meta.dirname, '../bin/kiln.js');
const runs = Number(process.argv[2] ?? 5);
const folder = mkdtempSync(join(tmpdir(), 'kiln-bench-'));
const hasBuildah = spawnSync('buildah', ['--version']).status === 0;

try {
  await main();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<void> {
  const base = join(folder, 'base.tar');
  await writeBaseImage(base);
  for (const workload of workloads) {
    const context = join(folder, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, 'Dockerfile'), workload.dockerfile);
    workload.prepare?.(context);
    // The first run is for the disk and the caches.
    await timeKiln(workload, context, base);
    const kiln: Sample[] = [];
    const buildah: Sample[] = [];
    for (let run = 0; run < runs; run++) {
      kiln.push(await timeKiln(workload, context, base));
      if (hasBuildah) buildah.push(await timeBuildah(context, base));
    }
    const ratio = buildah.length > 0 ? `, Kiln / buildah ${(median(kiln) / median(buildah)).toFixed(2)}` : '';
    console.log(`${workload.name} (${workload.goal}): Kiln ${summary(kiln)}${other(buildah)}${ratio}`);
    rmSync(context, { recursive: true });
  }
}

function other(samples: readonly Sample[]): string {
  return samples.length > 0 ? `, buildah ${summary(samples)}` : ', buildah is not installed';
}

interface Sample {
  readonly seconds: number;
  /** Of the process and all it started, at the worst moment. MiB. */
  readonly memory: number;
}

async function timeKiln(workload: Workload, context: string, base: string): Promise<Sample> {
  const store = join(folder, 'store');
  const env = { ...process.env, KILN_ROOT: store };
  execFileSync(process.execPath, [program, 'load', '-i', base], { env, stdio: 'ignore' });
  const args = [program, 'build', '--progress', 'quiet', ...workload.output(folder), context];
  const sample = await timed(process.execPath, args, env);
  rmSync(store, { recursive: true });
  return sample;
}

async function timeBuildah(context: string, base: string): Promise<Sample> {
  const place = [
    '--root',
    join(folder, 'buildah'),
    '--runroot',
    join(folder, 'buildah-run'),
    '--storage-driver',
    'overlay',
  ];
  execFileSync('buildah', [...place, 'pull', '-q', `oci-archive:${base}`], { stdio: 'ignore' });
  const images = execFileSync('buildah', [...place, 'images', '-q'], { encoding: 'utf8' }).trim();
  execFileSync('buildah', [...place, 'tag', images, 'docker.io/library/busybox:latest'], { stdio: 'ignore' });
  const how = ['--isolation', 'oci', '--runtime', 'runc', '--layers', '--network', 'host', '-q', '--jobs', '8'];
  const sample = await timed('buildah', [...place, 'build', ...how, context], process.env);
  execFileSync('buildah', [...place, 'rmi', '-a', '-f'], { stdio: 'ignore' });
  rmSync(join(folder, 'buildah'), { recursive: true, force: true });
  return sample;
}

async function timed(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Sample> {
  const start = performance.now();
  const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let memory = 0;
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  // Looking is not free: it takes a part of the machine.
  const watch = setInterval(() => {
    memory = Math.max(memory, treeMemory(child.pid ?? 0));
  }, 100);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  clearInterval(watch);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: ${errors}`);
  return { seconds: (performance.now() - start) / 1000, memory };
}

/** Resident memory of a process and all below it, what they share counted once for each. MiB. */
function treeMemory(root: number): number {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : '';
    const parent = /\) \S (\d+)/.exec(stat)?.[1];
    if (parent !== undefined) parents.set(Number(name), Number(parent));
  }
  let total = 0;
  for (const id of parents.keys()) {
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      if (at !== root) continue;
      total += Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${id}/status`))?.[1] ?? 0) / 1024;
      break;
    }
  }
  return total;
}

/** Processes come and go. */
function read(path: string): string {
  try {
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}

function summary(samples: readonly Sample[]): string {
  const times = samples.map(({ seconds }) => seconds);
  const range = `${Math.min(...times).toFixed(2)}-${Math.max(...times).toFixed(2)}`;
  const memory = Math.max(...samples.map((sample) => sample.memory));
  return `${median(samples).toFixed(2)} s (${range}), ${memory.toFixed(0)} MiB`;
}

function median(samples: readonly Sample[]): number {
  const times = samples.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return times[times.length >> 1] ?? 0;
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** Half of it can be compressed. */
function writeBig(path: string, mebibytes: number): void {
  const noise = Buffer.alloc(1 << 19);
  let state = 1;
  for (let at = 0; at < noise.length; at += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    noise.writeUInt32LE(state, at);
  }
  writeFileSync(path, '');
  for (let block = 0; block < mebibytes; block++) {
    noise.writeUInt32LE(block, 0);
    writeFileSync(path, noise, { flag: 'a' });
    writeFileSync(path, Buffer.alloc(1 << 19, block), { flag: 'a' });
  }
}
