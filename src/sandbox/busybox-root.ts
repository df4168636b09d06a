import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSandbox, type CreateSandboxOptions } from './create-sandbox.ts';
import type { SandboxProcess } from './sandbox-process.ts';
import type { Sandbox, SandboxResult } from './sandbox.ts';

/* For tests: a root file system that is made of the busybox of this machine. */

const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));

/** Why there is none: it must be one that needs no libraries. Empty if there is. */
export const busyboxMissing: string =
  busybox === undefined ? 'there is no busybox' : isStatic(busybox) ? '' : 'the busybox of this machine is not static';

function isStatic(path: string): boolean {
  return execFileSync('head', ['-c', '4096', path]).indexOf('/ld-') === -1;
}

export interface Ran {
  readonly result: SandboxResult;
  readonly stdout: string;
  readonly stderr: string;
}

/** A place for steps with a root of its own, removed when it is disposed of. */
export class BusyboxRoot implements AsyncDisposable {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'kiln-sandbox-'));
  readonly sandbox: Sandbox;
  #count = 0;

  constructor(options: Partial<CreateSandboxOptions> = {}) {
    chmodSync(this.directory, 0o755);
    const base = join(this.directory, 'base');
    for (const name of ['bin', 'etc', 'tmp', 'home']) mkdirSync(join(base, name), { recursive: true });
    copyFileSync(busybox ?? '', join(base, 'bin/busybox'));
    chmodSync(join(base, 'bin/busybox'), 0o755);
    for (const name of execFileSync(busybox ?? '', ['--list'], { encoding: 'utf8' })
      .trim()
      .split('\n')) {
      if (name !== 'busybox') symlinkSync('busybox', join(base, 'bin', name));
    }
    writeFileSync(join(base, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nann:x:1000:1001::/home/ann:/bin/sh\n');
    writeFileSync(join(base, 'etc/group'), 'root:x:0:\nann:x:1001:\naudio:x:29:bob,ann\nvideo:x:44:ann\n');
    this.sandbox = createSandbox({ directory: join(this.directory, 'places'), ...options });
  }

  /** Two new directories, for the changes of a step. */
  layer(): { readonly upper: string; readonly work: string } {
    const place = join(this.directory, `layer-${++this.#count}`);
    const [upper, work] = [join(place, 'fs'), join(place, 'work')];
    for (const path of [upper, work]) mkdirSync(path, { recursive: true });
    return { upper, work };
  }

  /** A step, with what is not given as simple as it can be. */
  process(args: readonly string[], more: Partial<SandboxProcess> = {}): SandboxProcess {
    return {
      ...{ args, env: [], cwd: '/', user: '', extraHosts: [], network: 'default', security: 'sandbox', ulimits: [] },
      ...{ mounts: [], root: { lowers: [join(this.directory, 'base')], ...this.layer() } },
      ...more,
    };
  }

  /** Runs a script. */
  async run(script: string, more: Partial<SandboxProcess> = {}): Promise<Ran> {
    return this.runProcess(this.process(['/bin/sh', '-c', script], more));
  }

  async runProcess(process: SandboxProcess, signal?: AbortSignal): Promise<Ran> {
    const output = { stdout: '', stderr: '' };
    const decoder = new TextDecoder();
    const result = await this.sandbox.run(process, {
      stdout: (chunk) => (output.stdout += decoder.decode(chunk)),
      stderr: (chunk) => (output.stderr += decoder.decode(chunk)),
      ...(signal && { signal }),
    });
    return { result, ...output };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.sandbox[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}
