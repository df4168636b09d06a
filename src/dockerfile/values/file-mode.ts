import { ValueError } from '../../spec/value-error.ts';
import { parseUnsigned } from './integer.ts';
import { parseSymbolicMode } from './symbolic-mode.ts';
import type { ModeChange } from './symbolic-mode.ts';

/** What `--chmod` asks for: these permission bits, or changes to those a file has. */
export type FileMode =
  | { readonly kind: 'octal'; readonly mode: number }
  | { readonly kind: 'symbolic'; readonly clauses: readonly ModeChange[] };

/**
 * The mode of `COPY --chmod`: an octal number up to 07777, or a symbolic mode as chmod(1) takes it.
 *
 * Throws a {@link ValueError}.
 *
 * @see https://docs.docker.com/reference/dockerfile/#copy---chmod
 */
export function parseFileMode(text: string): FileMode {
  if (!/^[0-9]/.test(text)) return { kind: 'symbolic', clauses: parseSymbolicMode(text) };
  const mode = parseOctal(text);
  if (mode === undefined || mode > 0o7777) {
    throw new ValueError(`invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`);
  }
  return { kind: 'octal', mode };
}

function parseOctal(text: string): number | undefined {
  try {
    return parseUnsigned(text, { base: 8, bits: 32 });
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/**
 * The permission bits (07777) a file gets that had the bits `mode`.
 *
 * @see https://man.freebsd.org/cgi/man.cgi?query=setmode&sektion=3
 */
export function applyFileMode(fileMode: FileMode, mode: number, isDirectory: boolean): number {
  if (fileMode.kind === 'octal') return fileMode.mode;
  const before = mode & 0o7777;
  const isExecutable = isDirectory || (before & 0o111) !== 0;
  return fileMode.clauses.reduce((bits, change) => applyChange(change, bits, isExecutable), before);
}

/** @param isExecutable - whether the file was, before all changes */
function applyChange(change: ModeChange, bits: number, isExecutable: boolean): number {
  switch (change.kind) {
    case 'set':
      return bits | change.bits;
    case 'clear':
      return bits & ~change.bits;
    case 'set-if-executable':
      return isExecutable ? bits | change.bits : bits;
    case 'copy':
      return applyCopy(change, bits);
  }
}

const shifts = { user: 6, group: 3, other: 0 } as const;

function applyCopy(change: Extract<ModeChange, { kind: 'copy' }>, bits: number): number {
  const permissions = (bits >> shifts[change.from]) & 0o7;
  const copies = (permissions * 0o111) & change.to;
  if (change.operator === '-') return bits & ~copies;
  return change.operator === '+' ? bits | copies : (bits & ~change.to) | copies;
}
