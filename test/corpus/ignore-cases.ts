import { KilnError } from '../../src/diagnostic/kiln-error.ts';
import { filterTree, type Tree } from '../../src/dockerfile/ignore/filter-tree.ts';
import { readIgnoreFile } from '../../src/dockerfile/ignore/ignore-file.ts';
import { createIgnoreMatcher } from '../../src/dockerfile/ignore/matcher.ts';
import { compare, type Json, type JsonObject } from './compare.ts';
import { fileTree } from './file-tree.ts';
import { normalize } from './normalize.ts';
import { attempt, type Check, type Scorer } from './outcome.ts';

interface Answer {
  readonly error?: string;
  readonly expected?: Json;
}

type IgnoreCase =
  | { readonly op: 'tree'; readonly name: string; readonly files: Readonly<Record<string, string>> }
  | (Answer & { readonly op: 'ignorefile'; readonly content: string })
  | (Answer & { readonly op: 'match'; readonly patterns: readonly string[] })
  | (Answer & { readonly op: 'walk'; readonly exclude: readonly string[]; readonly tree: string });

/** A scorer for what ignore files keep out; it remembers the trees that the file defines. */
export function createIgnoreScorer(): Scorer {
  const trees = new Map<string, Tree>();
  return (entry, line) => {
    const ignoreCase = entry as IgnoreCase;
    if (ignoreCase.op === 'tree') {
      trees.set(ignoreCase.name, fileTree(Object.keys(ignoreCase.files)));
      return undefined;
    }
    return attempt(`line ${line}: ${ignoreCase.op}`, () => checks(ignoreCase, answerFor(ignoreCase, trees)));
  };
}

function answerFor(ignoreCase: Exclude<IgnoreCase, { op: 'tree' }>, trees: ReadonlyMap<string, Tree>): Answer {
  switch (ignoreCase.op) {
    case 'ignorefile':
      return answer(() => normalize(readIgnoreFile(ignoreCase.content)));
    case 'match':
      return answer(() => matchAnswers(ignoreCase.patterns, Object.keys((ignoreCase.expected ?? {}) as JsonObject)));
    case 'walk':
      return answer(
        () => walk(trees.get(ignoreCase.tree) ?? fileTree([]), ignoreCase.exclude),
        `invalid excludepatterns: [${ignoreCase.exclude.join(' ')}]: `,
      );
  }
}

/** For each path, whether it is excluded itself, and whether it or a directory above is; or the error for just it. */
function matchAnswers(patterns: readonly string[], paths: readonly string[]): Json {
  const matcher = createIgnoreMatcher(patterns);
  return Object.fromEntries(
    paths.map((path) => {
      const { error, expected } = answer(() => [matcher.matchesPath(path), matcher.matches(path)]);
      return [path, error === undefined ? expected : { error }];
    }),
  );
}

function walk(tree: Tree, exclude: readonly string[]): Json {
  const kept = [...filterTree(tree, createIgnoreMatcher(exclude))];
  return kept.map(({ path, entry }) => (entry.directory ? `${path}/` : path));
}

function answer(ask: () => Json, context = ''): Answer {
  try {
    return { expected: ask() };
  } catch (error) {
    if (!(error instanceof KilnError)) throw error;
    return { error: context + error.message };
  }
}

function checks({ op, error, expected }: Answer & { readonly op: string }, got: Answer): readonly Check[] {
  if (error === undefined || got.error === undefined) {
    const differences = compare({ error, expected }, { error: got.error, expected: got.expected });
    return [{ level: op, decides: true, differences }];
  }
  return [
    { level: op, decides: true, differences: [] },
    { level: 'error text', decides: false, differences: compare(error, got.error) },
  ];
}
