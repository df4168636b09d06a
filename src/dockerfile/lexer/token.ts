import type { Span } from '../../diagnostic/source.ts';
import { instructionNames, type InstructionName } from '../parser/ast.ts';

const others = [
  'unknown',
  'flag',
  'empty',
  'ignored',
  'text',
  'word',
  'key',
  'equals',
  'space',
  'value',
  'bare',
  'open',
  'close',
  'comma',
  'string',
] as const;

/**
 * The terminals of `grammar/dockerfile.ne`: a keyword each for the instructions, `unknown` for any other, and what may stand
 * behind them. `empty` says that nothing does.
 */
export type TokenType = InstructionName | (typeof others)[number];

export interface Token {
  readonly type: TokenType;
  /** What it means: quotes and escapes of flags and JSON strings removed, otherwise the text as it stands. */
  readonly value: string;
  readonly span: Span;
}

const types: ReadonlySet<string> = new Set<TokenType>([...instructionNames, ...others]);

/** Whether the grammar may name a terminal. */
export function isTokenType(name: string): boolean {
  return types.has(name);
}
