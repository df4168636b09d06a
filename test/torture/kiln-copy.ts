import { cpSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runCommand, type Command } from '../../bench/command.ts';

const project = resolve(import.meta.dirname, '../..');

/** Kiln as it is now, in a folder: what is built anew meanwhile does not change it. */
export class KilnCopy {
  /** `bin/kiln.js` */
  readonly program: string;
  readonly #folder: string;

  constructor(folder: string) {
    for (const name of ['bin', 'lib', 'package.json']) {
      cpSync(join(project, name), join(folder, 'kiln', name), { recursive: true });
    }
    symlinkSync(join(project, 'node_modules'), join(folder, 'kiln/node_modules'));
    this.program = join(folder, 'kiln/bin/kiln.js');
    this.#folder = folder;
  }

  command(args: readonly string[], store: string): Command {
    const env = { PATH: process.env['PATH'], HOME: this.#folder, KILN_ROOT: store };
    return { program: process.execPath, args: [this.program, ...args], env };
  }

  /** Runs it; throws if it fails. */
  async expect(args: readonly string[], store: string): Promise<string> {
    return runCommand(this.command(args, store));
  }
}
