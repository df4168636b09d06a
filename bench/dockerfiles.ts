import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { decodeText } from '../src/dockerfile/lexer/decode.ts';

/** A Dockerfile to measure. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

interface CorpusEntry {
  readonly name: string;
  readonly dockerfile?: string;
  readonly dockerfile_base64?: string;
}

const corpusName = 'parse.jsonl.gz';

/** The Dockerfiles of a corpus folder; without one, those of the default corpus or, if there is none, of our own tests. */
export function loadDockerfiles(folder: string | undefined): readonly NamedText[] {
  const root = join(import.meta.dirname, '..');
  const corpus = join(folder ?? join(root, '../shared/corpus'), corpusName);
  if (folder !== undefined || existsSync(corpus)) return readCorpus(corpus);
  const paths = globSync('testdata/**/{Dockerfile,*.Dockerfile}', { cwd: root }).sort();
  return paths.map((name) => ({ name, text: decodeText(readFileSync(join(root, name))) }));
}

function readCorpus(path: string): readonly NamedText[] {
  const lines = gunzipSync(readFileSync(path)).toString().split('\n');
  return lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as CorpusEntry)
    .map(({ name, dockerfile, dockerfile_base64: base64 }) => ({
      name,
      text: base64 === undefined ? (dockerfile ?? '') : decodeText(Buffer.from(base64, 'base64')),
    }));
}
