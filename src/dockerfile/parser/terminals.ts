import { isTokenType, type Token } from '../lexer/token.ts';

/** Gives nearley tokens that exist already, in place of a lexer of its own. One parse at a time. */
export const terminals = {
  tokens: [] as readonly Token[],
  at: 0,

  /** Called by nearley with what {@link load} took. */
  reset(): void {
    this.at = 0;
  },

  load(tokens: readonly Token[]): void {
    this.tokens = tokens;
  },

  next(): Token | undefined {
    return this.tokens[this.at++];
  },

  save(): undefined {
    return undefined;
  },

  has: isTokenType,

  formatError(token: Token): string {
    return `unexpected ${token.type}`;
  },
};
