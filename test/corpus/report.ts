import { isFailure } from './outcome.ts';
import type { FileOutcome } from './score-folder.ts';
import type { Difference } from './compare.ts';

interface Count {
  readonly decides: boolean;
  right: number;
  wrong: number;
}

/** A difference and where it was found. */
export interface ReportedDifference extends Difference {
  readonly file: string;
  readonly entry: string;
  readonly level: string;
  /** Whether it makes the entry fail. */
  readonly decides: boolean;
}

/** Counts outcomes as they come. */
export class Report {
  passed = 0;
  failed = 0;
  readonly differences: ReportedDifference[] = [];
  /** By file, then by level. */
  readonly #counts = new Map<string, Map<string, Count>>();

  add(outcome: FileOutcome): void {
    const { file, entry, isTemplate = false } = outcome;
    for (const { level, decides, differences } of outcome.checks) {
      const count = this.#countOf(isTemplate ? `${file}, templates` : file, level, decides && !isTemplate);
      if (differences.length > 0) count.wrong++;
      else count.right++;
      for (const difference of differences) {
        this.differences.push({ file, entry, level, decides: decides && !isTemplate, ...difference });
      }
    }
    if (!isFailure(outcome)) this.passed++;
    else if (!isTemplate) this.failed++;
  }

  /** Right and wrong entries by file and level. Levels in parentheses do not make an entry fail. */
  table(): string {
    const files = [...this.#counts];
    const rows = files.flatMap(([file, levels]) =>
      [...levels]
        .sort(decidingFirst)
        .map(([level, { decides, right, wrong }], index) => [
          index === 0 ? file : '',
          decides ? level : `(${level})`,
          String(right),
          String(wrong),
        ]),
    );
    return formatTable([['file', 'level', 'right', 'wrong'], ...rows]);
  }

  /** The last line. */
  summary(): string {
    return `${this.passed} passed, ${this.failed} failed`;
  }

  #countOf(file: string, level: string, decides: boolean): Count {
    const levels = this.#counts.get(file) ?? new Map<string, Count>();
    this.#counts.set(file, levels);
    const count = levels.get(level) ?? { decides, right: 0, wrong: 0 };
    levels.set(level, count);
    return count;
  }
}

function decidingFirst([, a]: [string, Count], [, b]: [string, Count]): number {
  return Number(b.decides) - Number(a.decides);
}

/** Texts to the left, the two columns of numbers to the right. */
function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2, 3].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column < 2 ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(pad).join('  ')).join('\n');
}
