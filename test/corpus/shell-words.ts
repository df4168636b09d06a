import { environmentFromList } from '../../src/dockerfile/words/environment.ts';
import { expandWord, type Expansion } from '../../src/dockerfile/words/expand.ts';
import { WordError } from '../../src/dockerfile/words/word-error.ts';
import { compare, type Json, type JsonObject } from './compare.ts';
import { normalize } from './normalize.ts';
import { attempt, type Check, type Scorer } from './outcome.ts';

interface ShellWordCase {
  readonly id: string;
  /** `words` asks for the split result alone. */
  readonly op: 'word' | 'words';
  readonly word: string;
  readonly env: readonly string[];
  readonly escape: '\\' | '`';
  readonly expected: {
    readonly error: string | null;
    readonly result?: string;
    readonly words?: readonly string[];
    readonly matched?: readonly string[];
    readonly unmatched?: readonly string[];
  };
}

/** Scores the expansion of a word. */
export const scoreShellWord: Scorer = (line) => {
  const shellWord = line as ShellWordCase;
  return attempt(shellWord.id, () => checks(shellWord, answerFor(shellWord)));
};

function answerFor({ word, env, escape }: ShellWordCase): JsonObject {
  return normalize(answer(() => expandWord(word, environmentFromList(env), { escape }))) as JsonObject;
}

function answer(expand: () => Expansion): unknown {
  try {
    const expansion = expand();
    const { result, words } = expansion;
    return { result, words, ...variables(expansion), error: null };
  } catch (error) {
    if (!(error instanceof WordError)) throw error;
    return { ...variables(error), error: error.message };
  }
}

/** The names of the variables, sorted. */
function variables({ matched, unmatched }: Pick<Expansion, 'matched' | 'unmatched'>): JsonObject {
  return { matched: [...matched].sort(), unmatched: [...unmatched].sort() };
}

function checks({ op, expected }: ShellWordCase, got: JsonObject): readonly Check[] {
  const check = (level: string, wanted: Json, found: Json, decides = true): Check => {
    return { level, decides, differences: compare(wanted, found) };
  };
  const fails = expected.error !== null;
  const failed = got['error'] !== null;
  const keys = op === 'words' ? ['words'] : ['result', 'words'];
  return [
    check('error or none', fails, failed),
    ...(fails || failed ? [] : [check('result', pick(expected, keys), pick(got, keys))]),
    ...(expected.matched ? [check('matched', expected.matched.toSorted(), got['matched'])] : []),
    ...(expected.unmatched ? [check('unmatched', expected.unmatched.toSorted(), got['unmatched'])] : []),
    ...(fails && failed ? [check('error text', expected.error, got['error'], false)] : []),
  ];
}

function pick(answer: Readonly<Partial<Record<string, Json>>>, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, answer[key]]));
}
