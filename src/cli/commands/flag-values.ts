import { Option, type Command } from 'commander';
import { readSwitch } from './options.ts';

/** A flag of a command. */
export interface FlagRow {
  /** As in `-t, --tag <name>`; without `<...>` it is a switch. */
  readonly flags: string;
  /** For the help; a flag without it is not shown there. */
  readonly about?: string;
}

/** The flags that were given, by their long names without dashes. */
export class FlagValues {
  readonly #values = new Map<string, string[]>();

  /** Notes a flag; a switch has no value. */
  add(name: string, value = ''): void {
    this.#values.set(name, [...(this.#values.get(name) ?? []), value]);
  }

  /** All values of a flag, in order. */
  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** The value that counts if there can be but one. */
  last(name: string): string | undefined {
    return this.all(name).at(-1);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }
}

/** Adds flags to a command; what is given of them is there when the command is run. */
export function addFlags(command: Command, rows: readonly FlagRow[]): FlagValues {
  const values = new FlagValues();
  for (const { flags, about } of rows) {
    const option = new Option(flags, about).hideHelp(about === undefined);
    command.addOption(option);
    // Commander's own store makes `cache` of --no-cache, and would need a gatherer for each.
    command.on(`option:${option.name()}`, (value: string | null | undefined) => {
      values.add(option.name(), value ?? '');
    });
  }
  return values;
}

/**
 * Those flags that some words name, which are all that commander needs to read them; it takes 5 ms to learn 60. For the help, and
 * for what is not just known flags, all of them.
 */
export function namedRows(rows: readonly FlagRow[], words: readonly string[]): readonly FlagRow[] {
  const end = words.indexOf('--');
  const names = words.slice(0, end < 0 ? words.length : end).flatMap((word) => /^-[^=]+/.exec(word) ?? []);
  const named = rows.filter(({ flags }) => namesOf(flags).some((name) => names.includes(name)));
  const known = new Set(named.flatMap(({ flags }) => namesOf(flags)));
  return names.every((name) => known.has(name)) ? named : rows;
}

/** Such as `-t` and `--tag`. */
function namesOf(flags: string): readonly string[] {
  return flags.replace(/ <.*/, '').split(', ');
}

/**
 * Turns `--pull=true` into `--pull`, drops `--pull=false` and every `--pull` before it, and makes `-o x` of `-o=x`: docker
 * takes them all, commander does not.
 */
export function plainWords(words: readonly string[], rows: readonly FlagRow[]): readonly string[] {
  const switches = new Set(rows.filter(({ flags }) => !flags.includes('<')).map(({ flags }) => longName(flags)));
  const plain: string[] = [];
  for (const [index, word] of words.entries()) {
    if (word === '--') return [...plain, ...words.slice(index)];
    const [name = '', ...rest] = word.split('=');
    const isOn = switches.has(name) && rest.length > 0 ? readSwitch(rest.join('=')) : undefined;
    if (isOn === true) plain.push(name);
    else if (isOn === false) plain.splice(0, plain.length, ...plain.filter((earlier) => earlier !== name));
    else if (/^-[a-zA-Z]=/.test(word)) plain.push(name, rest.join('='));
    else plain.push(word);
  }
  return plain;
}

function longName(flags: string): string {
  return flags.replace(/^-., /, '');
}
