import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import { confirm } from '../confirm.ts';
import type { CommandContext } from '../context.ts';
import { recordTable, usageJson, usageTotals } from '../format/usage-report.ts';
import { formatByteCount } from '../progress/byte-count.ts';
import { readDuration, readRecordFilter } from '../request/record-filter.ts';
import { readReportFormat } from '../request/report-format.ts';
import { readStorageSize } from '../request/storage-size.ts';
import { asRoot } from './as-root.ts';
import { addFlags, plainWords, type FlagRow, type FlagValues } from './flag-values.ts';
import { rootFlag, storeOf } from './store-flag.ts';

const pruneFlags: readonly FlagRow[] = [
  { flags: '-a, --all', about: 'also layers and steps that images with names are made of' },
  { flags: '--filter <filter>', about: 'only some: until=24h, type=TYPE, id=ID, description~=TEXT, private, ...' },
  { flags: '--keep-duration <duration>', about: 'keep what was used in that time, such as 24h' },
  { flags: '--max-used-space <size>', about: 'remove no more than it takes to make the store that small' },
  { flags: '--min-free-space <size>', about: 'remove no more than it takes to have that much free space on the disk' },
  { flags: '--reserved-space <size>', about: 'never make the store smaller than that' },
  { flags: '--keep-storage <size>', about: 'the same as --reserved-space, as older versions of buildx call it' },
  { flags: '-f, --force', about: 'do not ask' },
  { flags: '--verbose', about: 'everything that is known of what was removed, as JSON' },
  { flags: '--format <format>', about: 'how to print what was removed: table or json' },
  rootFlag,
];

/** `kiln prune`: removes what nobody needs from the store, as `docker buildx prune` does. */
export const pruneCommand: CommandModule = {
  add: addPruneCommand,
  plainWords: (words) => plainWords(words, pruneFlags),
};

function addPruneCommand(program: Command, context: CommandContext): void {
  const command = program.command('prune').description('remove build cache and blobs that no image in the store needs');
  const flags = addFlags(command, pruneFlags);
  command.action(async () => {
    const format = readReportFormat(flags.last('format'));
    const options = readPruneOptions(flags);
    const store = storeOf(flags, context);
    await asRoot(store, context, async () => {
      const { terminal } = context;
      if (!flags.has('force') && !confirm(warning(options.all), terminal)) return;
      const { pruneStore } = await import('../../engine/store/prune.ts');
      const removed = await pruneStore(store, options);
      if (format === 'json' || flags.has('verbose')) terminal.out(usageJson(removed));
      else {
        if (removed.length > 0) terminal.out(recordTable(removed, Date.now()));
        terminal.out(`Total: ${formatByteCount(usageTotals(removed).total)}\n`);
      }
    });
  });
}

function readPruneOptions(flags: FlagValues) {
  const { matches, unusedFor } = readRecordFilter(flags.all('filter'));
  const keepDuration = flags.last('keep-duration');
  const reserved = flags.last('reserved-space') ?? flags.last('keep-storage');
  return {
    ...{ all: flags.has('all'), matches },
    keepDuration: Math.max(unusedFor, keepDuration === undefined ? 0 : readDuration(keepDuration, '--keep-duration')),
    reservedSpace: readStorageSize(reserved, '--reserved-space'),
    maxUsedSpace: readStorageSize(flags.last('max-used-space'), '--max-used-space'),
    minFreeSpace: readStorageSize(flags.last('min-free-space'), '--min-free-space'),
  };
}

function warning(all: boolean): string {
  const what = all ? 'all build cache' : 'all build cache that no image in the store is made of';
  return `WARNING! This will remove ${what}. Images with names stay. Are you sure you want to continue?`;
}
