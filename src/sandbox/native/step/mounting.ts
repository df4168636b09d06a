import { dirname } from 'node:path';
import type { Host } from '../host.ts';
import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';
import type { StepPlan } from './step-plan.ts';

export interface MountCall {
  /** For bind mounts: relative to the working directory of the moment, so that symlinks of the host are no matter. */
  readonly source: string;
  readonly target: string;
  readonly type?: string;
  readonly flags: number;
  readonly data?: string;
  /** What to do if it fails; the step fails if it is not given. */
  readonly error?: 'ignore' | (() => void);
}

/** mount(2). */
export function callMount(program: Program, { source, target, type, flags, data, error }: MountCall): void {
  const args = [
    ...[program.text(source), program.text(target), type === undefined ? 0 : program.text(type)],
    ...[flags, data === undefined ? 0 : program.text(data)],
  ];
  program.call('mount', args, { purpose: `mount ${target}`, ...(error && { error }) });
}

/** Changes flags of a mount and all below it; others stay, which a user namespace may not be allowed to drop. */
export function callSetMountFlags(program: Program, target: string, flags: number): void {
  const attributes = program.words([flags, 0, 0, 0]);
  const path = program.text(target);
  program.call('mount_setattr', [kernel.currentFolder, path, kernel.atRecursive, attributes, 32], {
    purpose: `mount ${target}`,
    // Before Linux 5.12.
    error: () => {
      callMount(program, { source: '', target, flags: kernel.mountRemount | kernel.mountBind | flags });
    },
  });
}

/** Makes a path inside the root, as far as it is missing. */
export function callMakePath(program: Program, target: string, type: 'directory' | 'file'): void {
  const parent = dirname(target);
  if (parent !== '/') callMakePath(program, parent, 'directory');
  if (type === 'directory') {
    program.call('mkdirat', [kernel.currentFolder, program.text(target), 0o755], { error: 'ignore' });
  } else {
    callMakeFile(program, target, 0o644);
  }
}

/** Makes an empty file unless there is something. */
export function callMakeFile(program: Program, path: string, mode: number): void {
  const flags = kernel.openCreate | kernel.openExclusive | kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(path), flags, mode], {
    error: 'ignore',
    positive: () => {
      program.call('close', [descriptors.scratch]);
    },
  });
}

/** Mounts something of the host. */
export function callBindHost(
  program: Program,
  { source, target, error }: { readonly source: string; readonly target: string; readonly error?: 'ignore' },
): void {
  program.call('fchdir', [descriptors.hostRoot]);
  const flags = kernel.mountBind | kernel.mountRecursive;
  callMount(program, { source: source.replace(/^\/+/, '') || '.', target, flags, ...(error && { error }) });
}

/** Opens a directory just to go there or to know its place. */
export function callOpenDirectory(program: Program, { host }: StepPlan, path: string): void {
  program.call('openat', [kernel.currentFolder, program.text(path), directoryFlags(host), 0], {
    purpose: `open ${path}`,
  });
}

/** Flags of open(2) for that. */
export function directoryFlags({ architecture }: Host): number {
  const directory = architecture === 'arm64' ? kernel.openDirectoryArm : kernel.openDirectory;
  return kernel.openPath | directory | kernel.closeOnExec;
}
