import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Report } from './report.ts';
import { corpusFiles, scoreFolder } from './score-folder.ts';

const usage = `usage: npm run corpus -- DIR [--json FILE]

Scores the engine against the recorded answers in DIR: ${corpusFiles.join(', ')}.
Exit code: 0 if all entries pass, 1 if some fail, 2 if there is nothing to score.`;

/** What cannot be scored at all. */
class UsageError extends Error {}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}

async function main(args: readonly string[]): Promise<number> {
  const { folder, jsonFile } = readArguments(args);
  const report = new Report();
  for await (const outcome of scoreFolder(folder)) report.add(outcome);
  if (jsonFile !== undefined) {
    const { passed, failed, differences } = report;
    writeFileSync(jsonFile, `${JSON.stringify({ passed, failed, differences }, null, 2)}\n`);
  }
  console.log(report.table());
  console.log(report.summary());
  return report.failed === 0 ? 0 : 1;
}

function readArguments(args: readonly string[]): { readonly folder: string; readonly jsonFile: string | undefined } {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'string' } },
  });
  const [folder, ...others] = positionals;
  if (folder === undefined || others.length > 0) throw new UsageError(usage);
  if (!corpusFiles.some((name) => existsSync(join(folder, name)))) {
    throw new UsageError(`${folder} has none of ${corpusFiles.join(', ')}`);
  }
  return { folder, jsonFile: values.json };
}
