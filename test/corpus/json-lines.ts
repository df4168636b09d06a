import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** A value and the 1-based line that holds it. */
export interface JsonLine {
  readonly value: unknown;
  readonly line: number;
}

/** The values of a file with one JSON value a line; unpacks it if its name ends in `.gz`. */
export async function* readJsonLines(path: string): AsyncGenerator<JsonLine> {
  let line = 0;
  for await (const text of readLines(path)) {
    line++;
    if (text.trim() !== '') yield { value: JSON.parse(text), line };
  }
}

/** Only `\n` ends a line: JSON strings may hold the other characters that end lines elsewhere. */
async function* readLines(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  // What goes wrong in the file reaches the loop through the unpacker, which `pipeline` destroys with the error.
  const stream = path.endsWith('.gz') ? pipeline(file, createGunzip(), () => undefined) : file;
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
