import { deviceNumber } from '../../../system/node.ts';
import type { Program } from '../program/program.ts';
import { descriptors, kernel } from './kernel.ts';
import { callBindHost, callMakeFile, callMount } from './mounting.ts';
import type { StepPlan } from './step-plan.ts';

const nodes = [
  ['null', 1, 3],
  ['zero', 1, 5],
  ['full', 1, 7],
  ['random', 1, 8],
  ['urandom', 1, 9],
  ['tty', 5, 0],
] as const;

const links = [
  ['fd', '/proc/self/fd'],
  ['stdin', '/proc/self/fd/0'],
  ['stdout', '/proc/self/fd/1'],
  ['stderr', '/proc/self/fd/2'],
  ['ptmx', 'pts/ptmx'],
] as const;

/**
 * /dev. Devices cannot be opened there, apart from those which are mounted from the stage, another file system below it. So it
 * does not matter that root may make devices.
 */
export function makeDevices(program: Program, plan: StepPlan): void {
  const { mountNoSuid, mountNoExec, mountNoDevices, mountStrictTime } = kernel;
  callMount(program, {
    ...{ source: 'tmpfs', target: '/dev', type: 'tmpfs', data: 'mode=755,size=65536k' },
    flags: mountNoSuid | mountStrictTime | (plan.isInsecure ? 0 : mountNoDevices),
  });
  for (const [name, major, minor] of nodes) makeDevice(program, name, deviceNumber(major, minor));
  const memory = plan.maskedPaths
    .filter(({ path }) => path === '/proc/kcore')
    .map(({ path }) => ['core', path] as const);
  for (const [name, target] of [...links, ...memory]) {
    const args = [program.text(target), kernel.currentFolder, program.text(`/dev/${name}`)];
    program.call('symlinkat', args, { purpose: `make /dev/${name}` });
  }
  const quiet = mountNoSuid | mountNoExec | mountNoDevices;
  for (const name of ['pts', 'shm', 'mqueue']) {
    program.call('mkdirat', [kernel.currentFolder, program.text(`/dev/${name}`), 0o755]);
  }
  const terminals = { source: 'devpts', target: '/dev/pts', type: 'devpts', flags: mountNoSuid | mountNoExec };
  const options = 'newinstance,ptmxmode=0666,mode=0620';
  callMount(program, {
    ...{ ...terminals, data: `${options},gid=5` },
    // In a user namespace there may be no group 5.
    error: () => {
      callMount(program, { ...terminals, data: options });
    },
  });
  // The step may have one of its own.
  if (plan.mounts.every(({ target }) => target !== '/dev/shm')) {
    const shared = `mode=1777,size=${plan.shmSize}`;
    callMount(program, { source: 'shm', target: '/dev/shm', type: 'tmpfs', flags: quiet, data: shared });
  }
  callMount(program, { source: 'mqueue', target: '/dev/mqueue', type: 'mqueue', flags: quiet });
}

function makeDevice(program: Program, name: string, device: number): void {
  const target = `/dev/${name}`;
  callMakeFile(program, target, 0o666);
  program.call('fchdir', [descriptors.stage]);
  const args = [kernel.currentFolder, program.text(name), kernel.characterDevice | 0o666, device];
  program.call('mknodat', args, {
    zero: () => {
      callMount(program, { source: name, target, flags: kernel.mountBind });
    },
    // A user namespace has no devices of its own.
    error: () => {
      callBindHost(program, { source: target, target });
    },
  });
}
