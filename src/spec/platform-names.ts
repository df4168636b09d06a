const operatingSystems = names(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos',
);

const architectures = names(
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32',
  'mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm',
);

function names(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Whether Go has a port to the operating system; the name is a normalized one. */
export function isKnownOs(os: string): boolean {
  return operatingSystems.has(os);
}

/** Whether Go has a port to the architecture; the name is a normalized one. */
export function isKnownArchitecture(architecture: string): boolean {
  return architectures.has(architecture);
}

/** An operating system by Go's name for it. */
export function normalizeOs(os: string): string {
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

/** A processor; an empty `variant` is the baseline of the architecture. */
export interface Processor {
  readonly architecture: string;
  readonly variant: string;
}

/**
 * An architecture and variant by Go's names for them: `x86_64` is `amd64`, `arm64/v8` is `arm64`, `arm` is `arm/v7`.
 *
 * @see https://github.com/containerd/platforms/blob/main/database.go
 */
export function normalizeProcessor(architectureText: string, variantText: string): Processor {
  const architecture = architectureText.toLowerCase();
  const variant = variantText.toLowerCase();
  switch (architecture) {
    case 'i386':
      return { architecture: '386', variant: '' };
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: variant === 'v1' ? '' : variant };
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: arm64Variants.get(variant) ?? variant };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      return { architecture, variant: armVariants.get(variant) ?? variant };
    default:
      return { architecture, variant };
  }
}

const arm64Variants: ReadonlyMap<string, string> = new Map([
  ['8', ''],
  ['v8', ''],
  ['v8.0', ''],
  ['9', 'v9'],
  ['9.0', 'v9'],
  ['v9.0', 'v9'],
]);

const armVariants: ReadonlyMap<string, string> = new Map([
  ['', 'v7'],
  ['5', 'v5'],
  ['6', 'v6'],
  ['7', 'v7'],
  ['8', 'v8'],
]);
