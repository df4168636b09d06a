import { allowedNames } from '../native/seccomp/allowed-syscalls.ts';

const eperm = 1;
const enosys = 38;
const newNamespaces = 0x7e020000;

interface Rule {
  readonly names: readonly string[];
  readonly action: string;
  readonly errnoRet?: number;
  readonly args?: readonly object[];
}

/** Docker's default filter as runtimes take it. */
export function seccompSpec(architecture: 'x64' | 'arm64'): object {
  const allow = (names: readonly string[], args?: readonly object[]): Rule => ({
    ...{ names, action: 'SCMP_ACT_ALLOW' },
    ...(args && { args }),
  });
  const argument = (op: string, value: number, valueTwo?: number): object => ({
    ...{ index: 0, op, value },
    ...(valueTwo !== undefined && { valueTwo }),
  });
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: eperm,
    architectures:
      architecture === 'x64'
        ? ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']
        : ['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
    syscalls: [
      allow(allowedNames()),
      // All families of sockets but AF_ALG and AF_VSOCK.
      ...[argument('SCMP_CMP_LT', 38), argument('SCMP_CMP_EQ', 39), argument('SCMP_CMP_GT', 40)].map((family) =>
        allow(['socket'], [family]),
      ),
      ...[0, 8, 0x20000, 0x20008, 0xffffffff].map((kind) => allow(['personality'], [argument('SCMP_CMP_EQ', kind)])),
      allow(['clone'], [argument('SCMP_CMP_MASKED_EQ', newNamespaces, 0)]),
      { names: ['clone3'], action: 'SCMP_ACT_ERRNO', errnoRet: enosys },
    ] satisfies readonly Rule[],
  };
}
