import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from './numbers.ts';

const filesInFolder = 100;

/** Writes small files of text, a hundred in a folder; the same ones each time. */
export function writeManyFiles(folder: string, count: number): void {
  for (const index of numbers(count)) {
    const path = join(folder, manyFilesPath(index));
    if (index % filesInFolder === 0) mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, text(index));
  }
}

/** Path of the file with a number. */
export function manyFilesPath(index: number): string {
  const group = Math.floor(index / filesInFolder);
  return join('files', String(group), `file-${index % filesInFolder}.js`);
}

/** 0.5 to 3 KB, as sources are. */
function text(index: number): string {
  const lines = numbers(10 + (index % 50)).map(
    (line) => `export const value${line} = compute(${index * line}, ${line});`,
  );
  return `${lines.join('\n')}\n`;
}
