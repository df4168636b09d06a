import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { usageJson, usageReport, verboseReport } from '../format/usage-report.ts';
import { readRecordFilter } from '../request/record-filter.ts';
import { readReportFormat } from '../request/report-format.ts';
import { asRoot } from './as-root.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';
import { rootFlag, storeOf } from './store-flag.ts';

const duFlags: readonly FlagRow[] = [
  {
    flags: '--filter <filter>',
    about: 'only some: type=TYPE, id=ID, until=24h, inuse, shared, reclaimable, description~=TEXT',
  },
  { flags: '--verbose', about: 'everything that is known of each' },
  { flags: '--format <format>', about: 'how to print it: table or json' },
  rootFlag,
];

/** `kiln du`: what the store keeps and takes, as `docker buildx du` says it. */
export const duCommand: CommandModule = { add: addDuCommand, plainWords: (words) => plainWords(words, duFlags) };

function addDuCommand(program: Command, context: CommandContext): void {
  const command = program.command('du').description('show what the local store keeps, and how much it takes');
  const flags = addFlags(command, duFlags);
  command.action(async () => {
    const format = readReportFormat(flags.last('format'));
    const { matches, unusedFor } = readRecordFilter(flags.all('filter'));
    const store = storeOf(flags, context);
    await asRoot(store, context, async () => {
      const { storeUsage } = await import('../../engine/store/du.ts');
      const now = Date.now();
      const all = await storeUsage(store);
      const records = all.filter((record) => matches(record) && isUnused(record.lastUsed, now - unusedFor, unusedFor));
      const print = format === 'json' ? usageJson : flags.has('verbose') ? verboseReport : usageReport;
      context.terminal.out(print(records, now));
    });
  });
}

function isUnused(lastUsed: number | undefined, since: number, unusedFor: number): boolean {
  return unusedFor === 0 || (lastUsed ?? 0) <= since;
}
