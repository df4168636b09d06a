import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { storeCheckJson, storeCheckReport } from '../format/store-check-report.ts';
import { readReportFormat } from '../request/report-format.ts';
import { asRoot } from './as-root.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';
import { rootFlag, storeOf } from './store-flag.ts';

const checkFlags: readonly FlagRow[] = [
  { flags: '--repair', about: 'remove what is damaged, so that it is fetched or built again' },
  { flags: '--deep', about: 'also compare the files of layers with what they were made with' },
  { flags: '--format <format>', about: 'how to print it: table or json' },
  rootFlag,
];

/** `kiln store check`: whether the store is what it should be; the exit code is 1 if it is not. */
export const storeCommand: CommandModule = {
  add: addStoreCommand,
  plainWords: (words) => plainWords(words, checkFlags),
};

function addStoreCommand(program: Command, context: CommandContext): void {
  const store = program.command('store').description('look after the local store');
  const command = store
    .command('check')
    .description('verify all blobs, images, layers and the database of the local store');
  const flags = addFlags(command, checkFlags);
  command.action(async () => {
    const format = readReportFormat(flags.last('format'));
    const root = storeOf(flags, context);
    await asRoot(root, context, async () => {
      const { checkStore } = await import('../../engine/store/check.ts');
      const check = await checkStore(root, { repair: flags.has('repair'), deep: flags.has('deep') });
      context.terminal.out(format === 'json' ? storeCheckJson(check) : storeCheckReport(check));
      if (check.findings.some(({ repaired }) => repaired === undefined)) context.exitCode = 1;
    });
  });
}
