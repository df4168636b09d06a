import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';
import { callBindHost, callMakePath, callMount, callSetMountFlags } from './mounting.ts';
import type { PlannedMount, StepPlan } from './step-plan.ts';

/** What is mounted for this step alone, in its order. */
export function mountAll(program: Program, plan: StepPlan): void {
  plan.mounts.forEach((mount, index) => {
    const isDirectory = mount.kind === 'tmpfs' || (mount.kind === 'bind' && mount.isDirectory);
    if (mount.isNested) callMakePath(program, mount.target, isDirectory ? 'directory' : 'file');
    mountOne(program, mount, { stageName: `file-${index}`, noDevices: plan.isInsecure ? 0 : kernel.mountNoDevices });
  });
}

function mountOne(
  program: Program,
  mount: PlannedMount,
  { stageName, noDevices }: { readonly stageName: string; readonly noDevices: number },
): void {
  const { target } = mount;
  switch (mount.kind) {
    case 'bind':
      callBindHost(program, { source: mount.source, target });
      callSetMountFlags(program, target, noDevices | (mount.isReadonly ? kernel.mountReadonly : 0));
      return;
    case 'tmpfs': {
      const data = ['mode=1777', ...(mount.size === undefined ? [] : [`size=${mount.size}`])].join(',');
      callMount(program, { source: 'tmpfs', target, type: 'tmpfs', flags: kernel.mountNoSuid | noDevices, data });
      return;
    }
    case 'file':
      stageFile(program, stageName, mount);
      callMount(program, { source: stageName, target, flags: kernel.mountBind });
      callSetMountFlags(
        program,
        target,
        kernel.mountReadonly |
          kernel.mountNoSuid |
          kernel.mountNoDevices |
          (isExecutable(mount) ? 0 : kernel.mountNoExec),
      );
  }
}

function isExecutable({ mode }: { readonly mode: number }): boolean {
  return (mode & 0o111) !== 0;
}

/** Writes a file where nobody sees it, and stays there. */
function stageFile(program: Program, name: string, file: Extract<PlannedMount, { kind: 'file' }>): void {
  const { scratch, stage } = descriptors;
  const { content, mode, uid, gid } = file;
  const purpose = `make ${file.target}`;
  program.call('fchdir', [stage]);
  const flags = kernel.openCreate | kernel.openExclusive | kernel.openWrite | kernel.closeOnExec;
  program.call('openat', [kernel.currentFolder, program.text(name), flags, 0o600], { purpose });
  if (content.length > 0) program.call('write', [scratch, program.data(content), content.length], { purpose });
  program.call('fchown', [scratch, uid, gid], { purpose });
  program.call('fchmod', [scratch, mode & 0o7777], { purpose });
  program.call('close', [scratch]);
}
