import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { createSandbox } from '../../src/sandbox/create-sandbox.ts';
import { needsUserNamespace, runRootless } from '../../src/sandbox/rootless/rootless.ts';
import { enterPrivateMounts } from '../../src/system/mount.ts';
import { probesScript } from './probe-files.ts';

/* A process that runs the probes as a step, in the surroundings that its argument names. */

/** What is to be run, and where. */
export interface ProbeStep {
  /** Writable, and empty. */
  readonly directory: string;
  /** The root file system. */
  readonly base: string;
  readonly probes: string;
  readonly runtime: string;
  readonly security: 'sandbox' | 'insecure';
}

async function runStep({ directory, base, probes, runtime, security }: ProbeStep): Promise<void> {
  enterPrivateMounts();
  await using sandbox = createSandbox({ directory: join(directory, 'places'), runtime });
  const [upper, work] = [join(directory, 'fs'), join(directory, 'work')];
  for (const path of [upper, work]) mkdirSync(path, { recursive: true });
  const result = await sandbox.run(
    {
      ...{ args: ['/bin/sh', '-c', probesScript], env: [], cwd: '/', user: '', extraHosts: [], network: 'none' },
      ...{ security, ulimits: [], root: { lowers: [base], upper, work } },
      mounts: [{ kind: 'bind', source: probes, target: '/probes', readonly: true }],
    },
    { stdout: (chunk) => process.stdout.write(chunk), stderr: (chunk) => process.stderr.write(chunk) },
  );
  process.exitCode = result.kind === 'exited' ? result.code : 98;
}

if (needsUserNamespace()) {
  const end = await runRootless({ args: [...process.execArgv, ...process.argv.slice(1)], env: process.env });
  process.exitCode = end.kind === 'exited' ? end.code : 99;
} else {
  await runStep(JSON.parse(process.argv[2] ?? '') as ProbeStep);
}
