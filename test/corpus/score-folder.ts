import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createIgnoreScorer } from './ignore-cases.ts';
import { readJsonLines } from './json-lines.ts';
import { scoreLintCase } from './lint-cases.ts';
import type { Outcome, Scorer } from './outcome.ts';
import { scoreParseEntry } from './parse-entries.ts';
import { scoreShellWord } from './shell-words.ts';

/** The files that a corpus may have, in the order of the report. */
const scorers: Readonly<Record<string, () => Scorer>> = {
  'parse.jsonl.gz': () => scoreParseEntry,
  'lint_cases.jsonl': () => scoreLintCase,
  'shell_words.jsonl': () => scoreShellWord,
  'dockerignore.jsonl': createIgnoreScorer,
};

export const corpusFiles: readonly string[] = Object.keys(scorers);

/** An outcome and the name of the file that the entry is in. */
export interface FileOutcome extends Outcome {
  readonly file: string;
}

/** Scores every entry of the files that there are. */
export async function* scoreFolder(folder: string): AsyncGenerator<FileOutcome> {
  for (const [file, createScorer] of Object.entries(scorers)) {
    const path = join(folder, file);
    if (!existsSync(path)) continue;
    const score = createScorer();
    for await (const { value, line } of readJsonLines(path)) {
      const outcome = score(value, line);
      if (outcome) yield { ...outcome, file };
    }
  }
}
