import type { Word } from '../parser/ast.ts';

/**
 * Whether a port of EXPOSE can be spelt otherwise without changing the history, which shows ports in the order of their
 * texts. Others may be mended in the same go, so every spelling that they may get counts.
 */
export function keepsPortOrder(ports: readonly Word[], word: Word, replacement: string): boolean {
  const index = ports.findIndex(({ span }) => span.start === word.span.start);
  const before = ports.slice(Math.max(0, index - 1), index);
  const after = ports.slice(index + 1, index + 2);
  return (
    before.every(({ value }) => spellings(value).every((spelling) => spelling <= replacement)) &&
    after.every(({ value }) => spellings(value).every((spelling) => spelling >= replacement))
  );
}

function spellings(port: string): readonly string[] {
  const bare = port.slice(port.lastIndexOf(':') + 1);
  return [port, port.toLowerCase(), bare, bare.toLowerCase()];
}
