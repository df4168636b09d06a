import { lstatSync } from 'node:fs';
import { environmentValue } from './environment.ts';
import type { FileMount } from './sandbox-process.ts';
import { resolveInRoot } from './scoped-path.ts';

/** In /dev, which no layer has. */
const target = '/dev/apt.conf';

/** What a step needs besides. */
export interface AptSettings {
  readonly mounts: readonly FileMount[];
  readonly env: readonly string[];
}

/**
 * Tells apt to download as root: it makes sure that it has become `_apt`, which nobody can where there is only root.
 * https://manpages.debian.org/apt.conf.5
 */
export function aptSettings(root: string, env: readonly string[]): AptSettings {
  const hasApt = lstatSync(root + resolveInRoot(root, '/etc/apt'), { throwIfNoEntry: false })?.isDirectory() === true;
  if (!hasApt || environmentValue(env, 'APT_CONFIG') !== undefined) return { mounts: [], env: [] };
  const content = Buffer.from('APT::Sandbox::User "root";\n');
  return {
    mounts: [{ kind: 'file', content, target, mode: 0o644, uid: 0, gid: 0 }],
    env: [`APT_CONFIG=${target}`],
  };
}
