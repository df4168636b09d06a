import { kernel } from '../../src/sandbox/native/step/kernel.ts';
import type { ProbeProgram } from './probe-program.ts';
import { allowed, refused, type HostFacts, type Probe } from './probe.ts';

const { mountBind, mountReadonly, mountRecursive, mountRemount, unmountDetach, currentFolder } = kernel;
const moveMount = 0x2000;
const propagateShared = 0x100000;
const cloneTree = 1;
const fileHandleSize = 136;

interface Mount {
  readonly source?: string;
  readonly target: string;
  readonly type?: string;
  readonly flags?: number;
}

function mount(p: ProbeProgram, { source = 'none', target, type, flags = 0 }: Mount): void {
  p.call('mount', [p.text(source), p.text(target), type === undefined ? 0 : p.text(type), flags, 0]);
}

const remount = mountRemount | mountBind;

/** Mounts, roots, and ways to the files of the host. */
export function mountProbes(host: HostFacts): readonly Probe[] {
  const mounts: Readonly<Record<string, Mount>> = {
    'mount a file system in memory': { target: '/tmp', type: 'tmpfs' },
    'mount another /proc': { target: '/tmp', type: 'proc' },
    'mount another /sys': { target: '/tmp', type: 'sysfs' },
    'mount control groups': { target: '/tmp', type: 'cgroup2' },
    'mount a disk': { source: '/dev/vda', target: '/tmp', type: 'ext4' },
    'mount an overlay': { target: '/tmp', type: 'overlay' },
    'mount the kernel debugger': { target: '/tmp', type: 'debugfs' },
    'bind the root elsewhere': { source: '/', target: '/tmp', flags: mountBind | mountRecursive },
    'move a mount': { source: '/proc', target: '/tmp', flags: moveMount },
    'share mounts with the host': { target: '/', flags: propagateShared | mountRecursive },
    'remount /proc/sys to write to it': { target: '/proc/sys', flags: remount },
    'remount /sys to write to it': { target: '/sys', flags: remount },
    'remount /dev to open devices': { target: '/dev', flags: remount },
    'remount the root to open devices': { target: '/', flags: remount },
    'remount /etc/hosts to write to it': { target: '/etc/hosts', flags: remount },
    'remount the root itself': { target: '/', flags: mountRemount | mountReadonly },
  };
  return [
    ...Object.entries(mounts).map(([name, request]) =>
      refused(name, (p) => {
        mount(p, request);
      }),
    ),
    ...['/proc/kcore', '/proc/timer_list', '/proc/sys', '/sys/firmware', '/sys', '/proc', '/dev'].map((path) =>
      refused(`unmount ${path}`, (p) => {
        p.call('umount2', [p.text(path), unmountDetach]);
      }),
    ),
    refused('pivot_root', (p) => {
      p.call('pivot_root', [p.text('.'), p.text('.')]);
    }),
    refused('fsopen', (p) => {
      p.call('fsopen', [p.text('tmpfs'), 0]);
    }),
    refused('fsmount', (p) => {
      p.call('fsmount', [-1, 0, 0]);
    }),
    refused('fspick', (p) => {
      p.call('fspick', [currentFolder, p.text('/'), 0]);
    }),
    refused('fsconfig', (p) => {
      p.call('fsconfig', [-1, 6, 0, 0, 0]);
    }),
    refused('clone a tree of mounts', (p) => {
      p.call('open_tree', [currentFolder, p.text('/'), cloneTree]);
    }),
    refused('move_mount', (p) => {
      p.call('move_mount', [currentFolder, p.text('/proc'), currentFolder, p.text('/tmp'), 0]);
    }),
    refused('mount_setattr', (p) => {
      p.call('mount_setattr', [currentFolder, p.text('/proc/sys'), kernel.atRecursive, p.words(0, 1, 0, 0), 32]);
    }),
    refused('open_by_handle_at', (p) => {
      // 8 bytes, of the kind that names an inode and its generation: the root of a disk is inode 2.
      const handle = new Uint8Array(fileHandleSize);
      new Uint32Array(handle.buffer).set([8, 1, 2, 0]);
      p.call('open_by_handle_at', [currentFolder, p.data(handle), 0]);
    }),
    allowed('chroot', (p) => {
      p.call('chroot', [p.text('/tmp')]);
    }),
    refused(
      'chroot, then leave it by ..',
      (p) => {
        p.call('mkdirat', [currentFolder, p.text('/tmp/jail'), 0o755], { error: 'ignore' });
        p.call('chroot', [p.text('/tmp/jail')]);
        for (let depth = 0; depth < 40; depth++) p.call('chdir', [p.text('..')]);
        p.call('chroot', [p.text('.')]);
        p.open(host.file);
      },
      ['ENOENT'],
    ),
    ...[host.file, `/proc/1/root${host.file}`, `/../../..${host.file}`, `/proc/1/cwd/..${host.file}`].map(
      (path, index) =>
        refused(
          `find a file of the host, way ${index + 1}`,
          (p) => {
            p.open(path);
          },
          ['ENOENT'],
        ),
    ),
  ];
}
