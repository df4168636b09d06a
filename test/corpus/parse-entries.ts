import { decodeText } from '../../src/dockerfile/lexer/decode.ts';
import { instructionsForm } from '../../src/engine/inspect/instructions-form.ts';
import { convertForm, lintForm } from '../../src/engine/inspect/lint-form.ts';
import { parseForm } from '../../src/engine/inspect/parse-form.ts';
import { compare, type Json, type JsonObject } from './compare.ts';
import { normalize, normalizeDump, normalizeError, normalizeWarnings } from './normalize.ts';
import { attempt, type Check, type Scorer } from './outcome.ts';
import { convertLast, lintAll } from './reference.ts';

const phases = ['parse', 'instructions', 'lint', 'convert'] as const;

/** The answers of the four phases; a phase after a failed one may be absent. */
type Answers = Partial<Readonly<Record<(typeof phases)[number], JsonObject>>>;

interface ParseEntry {
  readonly name: string;
  readonly dockerfile?: string;
  /** Instead of `dockerfile`, for bytes that are not UTF-8. */
  readonly dockerfile_base64?: string;
  readonly template?: boolean;
  readonly expected: Answers;
}

interface Level {
  readonly name: string;
  /** Absent: yes. */
  readonly decides?: false;
  /** What of the answers belongs to the level; undefined if the level has nothing to compare. */
  readonly select: (answers: Answers, other: Answers) => Json;
}

const levels: readonly Level[] = [
  {
    name: 'parse',
    select: ({ parse }) => ({
      ...outcome(parse),
      ...pick(parse, ['escape', 'syntax', 'warnings']),
      dump: normalizeDump(parse?.['dump']),
    }),
  },
  { name: 'nodes', select: ({ parse }) => pick(parse, ['nodes']) },
  {
    name: 'instructions',
    select: ({ instructions }) => ({ ...outcome(instructions), ...pick(instructions, ['metaArgs', 'stages']) }),
  },
  {
    name: 'error lines',
    select: ({ parse, instructions }) =>
      hasFailed(parse) || hasFailed(instructions)
        ? { parse: parse?.['errorLines'], instructions: instructions?.['errorLines'] }
        : undefined,
  },
  {
    name: 'lint',
    select: ({ lint }) => ({
      ...outcome(lint),
      warnings: normalizeWarnings(lint?.['warnings']),
      ...pick(lint, ['errorLines']),
    }),
  },
  { name: 'error text', decides: false, select: errorTexts },
  {
    name: 'convert',
    select: ({ convert }) => ({
      ...outcome(convert),
      ...pick(convert, ['errorLines', 'config', 'history', 'author', 'architecture', 'os']),
    }),
  },
  { name: 'images', decides: false, select: imagesOf },
];

/** Scores a Dockerfile phase by phase against what BuildKit's frontend said of it. */
export const scoreParseEntry: Scorer = (line) => {
  const entry = line as ParseEntry;
  const result = attempt(entry.name, () => checks(entry.expected, answersFor(textOf(entry))));
  return { ...result, isTemplate: entry.template ?? false };
};

function textOf({ dockerfile, dockerfile_base64 }: ParseEntry): string {
  return dockerfile_base64 === undefined ? (dockerfile ?? '') : decodeText(Buffer.from(dockerfile_base64, 'base64'));
}

function answersFor(text: string): Answers {
  const result = lintAll(text);
  const isRead = result.file.ast.problems.length === 0;
  return normalize({
    parse: parseForm(result.file.ast),
    ...(isRead && { instructions: instructionsForm(result.file) }),
    lint: lintForm(result),
    convert: convertForm(convertLast(text)),
  }) as Answers;
}

function checks(expected: Answers, got: Answers): readonly Check[] {
  return levels.flatMap(({ name, decides = true, select }) => {
    const wanted = select(expected, got);
    const found = select(got, expected);
    if (wanted === undefined && found === undefined) return [];
    return [{ level: name, decides, differences: compare(wanted, found) }];
  });
}

function hasFailed(answer: JsonObject | undefined): boolean {
  return typeof answer?.['error'] === 'string';
}

function outcome(answer: JsonObject | undefined): JsonObject {
  return { failed: hasFailed(answer) };
}

function pick(answer: JsonObject | undefined, keys: readonly string[]): JsonObject {
  return Object.fromEntries(keys.map((key) => [key, answer?.[key]]));
}

/** The texts of the errors that both sides have. */
function errorTexts(answers: Answers, other: Answers): Json {
  const failed = phases.filter((phase) => hasFailed(answers[phase]) && hasFailed(other[phase]));
  if (failed.length === 0) return undefined;
  return Object.fromEntries(failed.map((phase) => [phase, normalizeError(answers[phase]?.['error'])]));
}

/** The base images asked for, sorted: BuildKit asks for them all at once, and the recording sometimes missed one. */
function imagesOf({ convert }: Answers, other: Answers): Json {
  if (hasFailed(convert) || hasFailed(other.convert)) return undefined;
  return [...((convert?.['images'] ?? []) as readonly string[])].sort();
}
