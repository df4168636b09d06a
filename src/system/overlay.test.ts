import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { expect, it } from 'vitest';
import { mountFlags, unmount } from './mount.ts';
import { mountOverlay } from './overlay.ts';

const isRoot = process.geteuid?.() === 0;

it.skipIf(!isRoot)('can be mounted again, as for a step that is prepared again', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-overlay-'));
  const at = (name: string): string => join(folder, name);
  try {
    for (const name of ['lower', 'upper', 'work', 'target']) mkdirSync(at(name));
    for (const text of ['first', 'second']) {
      mountOverlay({
        ...{ lowers: [at('lower')], upper: at('upper'), work: at('work'), target: at('target'), userXattr: false },
      });
      writeFileSync(join(at('target'), text), text);
      unmount(at('target'), mountFlags.MNT_DETACH);
    }
    expect(readFileSync(join(at('upper'), 'first'), 'utf8')).toBe('first');
    expect(readFileSync(join(at('upper'), 'second'), 'utf8')).toBe('second');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
