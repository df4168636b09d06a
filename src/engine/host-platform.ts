import { arch } from 'node:os';
import type { Platform } from '../spec/platform.ts';

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  ia32: '386',
  mipsel: 'mipsle',
  ppc64: 'ppc64le',
};

/** The platform that builds run on: always Linux, on the architecture of this machine. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: architectures[arch()] ?? arch() };
}
