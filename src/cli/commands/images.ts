import type { Command } from 'commander';
import type { CommandModule } from '../command-module.ts';
import type { CommandContext } from '../context.ts';
import { imagesJson, imageTable } from '../format/image-report.ts';
import { readReportFormat } from '../request/report-format.ts';
import { addFlags, plainWords, type FlagRow } from './flag-values.ts';
import { rootFlag, storeOf } from './store-flag.ts';

const imagesFlags: readonly FlagRow[] = [
  { flags: '-q, --quiet', about: 'print names only' },
  { flags: '--format <format>', about: 'how to print it: table or json' },
  rootFlag,
];

/** `kiln images`: the images in the store that have names. */
export const imagesCommand: CommandModule = {
  add: addImagesCommand,
  plainWords: (words) => plainWords(words, imagesFlags),
};

function addImagesCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('images')
    .description('list the images in the local store')
    .argument('[name]', 'only those of a repository, or with that name');
  const flags = addFlags(command, imagesFlags);
  command.action(async (wanted: string | undefined) => {
    const format = readReportFormat(flags.last('format'));
    const { listImages } = await import('../../engine/store/images.ts');
    const all = await listImages(storeOf(flags, context));
    const images = all.filter(
      ({ name, repository }) => wanted === undefined || wanted === name || wanted === repository,
    );
    const { out } = context.terminal;
    if (format === 'json') out(imagesJson(images));
    else if (flags.has('quiet')) out(images.map(({ name }) => `${name}\n`).join(''));
    else out(imageTable(images, Date.now()));
  });
}
