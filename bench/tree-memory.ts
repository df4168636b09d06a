import { list, read } from './kernel-files.ts';

/** Resident memory of a process and all below it, in MiB; what they share is counted once for each. 0 if it has ended. */
export function treeMemory(pid: number): number {
  let kibibytes = Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
  for (const child of children(pid)) kibibytes += treeMemory(child) * 1024;
  return kibibytes / 1024;
}

/** Highest resident memory that a process itself has had, in MiB. */
export function peakMemory(pid: number): number {
  return Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function children(pid: number): readonly number[] {
  const found: number[] = [];
  for (const thread of list(`/proc/${pid}/task`)) {
    for (const child of read(`/proc/${pid}/task/${thread}/children`).split(' ')) {
      if (child !== '') found.push(Number(child));
    }
  }
  return found;
}
