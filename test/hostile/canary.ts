import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from './hostile-case.ts';

const secret = 'nobody may read this';

/** A directory that nothing may touch, and whose content nothing may get to see. */
export class Canary {
  readonly path: string;
  readonly #before: string;

  constructor(path: string) {
    this.path = path;
    mkdirSync(join(path, 'sub'), { recursive: true });
    for (const name of ['file', 'sub/file']) writeFileSync(join(path, name), secret);
    for (const name of ['file', 'sub/file', 'sub', '.']) {
      chmodSync(join(path, name), name.endsWith('file') ? 0o600 : 0o700);
      utimesSync(join(path, name), 1, 1);
    }
    this.#before = this.#describe();
  }

  /** Throws if it is not as it was, or its content is in some text. */
  check(text: string): void {
    const now = this.#describe();
    must(now === this.#before, () => `AN ESCAPE: the canary is\n${now}\nand was\n${this.#before}`);
    must(!text.includes(secret), () => `AN ESCAPE: the canary was read:\n${text}`);
  }

  #describe(): string {
    const names = readdirSync(this.path, { recursive: true, encoding: 'utf8' }).sort();
    return ['.', ...names]
      .map((name) => {
        const { mode, uid, gid, mtimeMs, ctimeMs, nlink, size } = lstatSync(join(this.path, name));
        const content = mode & 0o100000 ? readFileSync(join(this.path, name), 'utf8') : '';
        // The time of change says of any attribute that it was set.
        return [name, mode.toString(8), uid, gid, mtimeMs, ctimeMs, nlink, size, content].join(' ');
      })
      .join('\n');
  }
}
