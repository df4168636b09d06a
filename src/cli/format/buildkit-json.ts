import type { Source } from '../../diagnostic/source.ts';
import { encodeDockerfile } from '../../engine/index.ts';

/** A location in BuildKit's answers: one range a line. No lines, no ranges. */
export function locationOf(lines: readonly number[] | undefined) {
  const ranges = allLines(lines ?? []).map((line) =>
    line > 0 ? { start: { line }, end: { line } } : { start: {}, end: {} },
  );
  return ranges.length === 0 ? {} : { ranges };
}

/** The content of a source, as BuildKit's answers carry it. */
export function dataOf(source: Source): string {
  return Buffer.from(encodeDockerfile(source.text)).toString('base64');
}

/** What the file is called in answers. */
export function fileNameOf(source: Source): string {
  return source.name === '-' ? 'Dockerfile' : source.name;
}

/** As Go's `json.MarshalIndent` prints it. Ends with a newline. */
export function jsonReport(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Two numbers are the first and the last line; more are the lines themselves. */
function allLines(lines: readonly number[]): readonly number[] {
  const [first, last] = lines;
  if (lines.length !== 2 || first === undefined || last === undefined) return lines;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
