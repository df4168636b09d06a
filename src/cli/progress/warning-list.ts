import { buildkitExcerpt } from '../../diagnostic/excerpt.ts';
import { printableText } from '../../diagnostic/printable.ts';
import type { BuildEvent, WarningEvent } from '../../progress/build-event.ts';

/** The warnings of a build, for the end. */
export class WarningList {
  readonly #warnings = new Map<string, WarningEvent>();

  /** Keeps a warning, if the event is one and says something new. */
  note(event: BuildEvent): void {
    if (event.kind !== 'warning') return;
    const { short, url, lines } = event;
    this.#warnings.set(JSON.stringify([short, url, lines]), event);
  }

  /** What buildx says of warnings when a build is over; empty if there are none. */
  text({ debug, color }: { readonly debug: boolean; readonly color: boolean }): string {
    const { size } = this.#warnings;
    if (size === 0) return '';
    const count = `${size === 1 ? '1 warning' : `${size} warnings`} found`;
    const title = `${count}${debug ? '' : ' (use --debug to expand)'}:`;
    const list = Array.from(this.#warnings.values(), (warning) => warningText(warning, debug));
    return `\n ${color ? `\x1b[33m${title}\x1b[0m` : title}\n${list.join('')}`;
  }
}

function warningText({ short, detail, url, source, lines }: WarningEvent, debug: boolean): string {
  const title = ` - ${printableText(short)}\n`;
  if (!debug) return title;
  const more = [...detail.map(printableText), ...(url === undefined ? [] : [`More info: ${url}`])];
  const excerpt = source && lines ? buildkitExcerpt(source, source.name, lines) : '';
  return `${title}${more.map((line) => `${line}\n`).join('')}${excerpt}\n`;
}
