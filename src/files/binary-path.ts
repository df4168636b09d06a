import { fromBytes, toBytes } from '../spec/byte-string.ts';

const beyondAscii = /[^\0-\x7f]/;

/** A text of the graph, whose bytes that are not UTF-8 are lone surrogates, as one character a byte. */
export function toBinary(text: string): string {
  return beyondAscii.test(text) ? Buffer.from(toBytes(text)).toString('latin1') : text;
}

/** Inverse of {@link toBinary}: for messages and patterns. */
export function toText(binary: string): string {
  return beyondAscii.test(binary) ? fromBytes(Buffer.from(binary, 'latin1')) : binary;
}

/** A binary path for a function of `node:fs`. */
export function fsPath(binary: string): string | Buffer {
  return beyondAscii.test(binary) ? Buffer.from(binary, 'latin1') : binary;
}

/** The path of an entry of a directory; `/` and the empty path have no slash of their own. */
export function childPath(directory: string, name: string): string {
  if (directory === '') return name;
  return directory === '/' ? `/${name}` : `${directory}/${name}`;
}

/** The last name of a clean path; `/` for the root. */
export function baseName(path: string): string {
  const trimmed = path.replace(/\/+$/, '');
  return trimmed === '' ? '/' : trimmed.slice(trimmed.lastIndexOf('/') + 1);
}
