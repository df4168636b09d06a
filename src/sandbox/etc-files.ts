import { readFileSync } from 'node:fs';
import type { ExtraHost, FileMount } from './sandbox-process.ts';

export const defaultHostname = 'buildkitsandbox';

/** What a step sees of the names of machines. */
export function etcFiles(
  hostname: string,
  extraHosts: readonly ExtraHost[],
  resolvConf: Uint8Array = hostResolvConf(),
): readonly FileMount[] {
  const hosts = [
    `127.0.0.1\tlocalhost ${hostname}`,
    '::1\tlocalhost ip6-localhost ip6-loopback',
    ...extraHosts.map(({ host, ip }) => `${ip}\t${host}`),
  ];
  return [
    etcFile('/etc/resolv.conf', resolvConf),
    etcFile('/etc/hosts', Buffer.from(hosts.map((line) => `${line}\n`).join(''))),
    etcFile('/etc/hostname', Buffer.from(`${hostname}\n`)),
  ];
}

function etcFile(target: string, content: Uint8Array): FileMount {
  return { kind: 'file', content, target, mode: 0o644, uid: 0, gid: 0 };
}

/** Where the network is that of the host, its resolvers can be reached, local ones too. */
function hostResolvConf(): Uint8Array {
  try {
    return readFileSync('/etc/resolv.conf');
  } catch {
    return new Uint8Array();
  }
}
