import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import type { BuildOptions } from 'esbuild';
import { linkParts } from './bundle/link-parts.ts';
import { programs } from './bundle/programs.ts';

/*
 * Makes the files in lib/, which bin/kiln.js starts: the program in a few parts, since looking for files takes its time, and so
 * does loading what is not needed.
 */

const options: BuildOptions = {
  platform: 'node',
  // Where node_modules is a link, its files are still in node_modules.
  preserveSymlinks: true,
  target: 'node22',
  charset: 'ascii',
  // Where it is used, it is used in ES modules only.
  define: { 'import.meta.url': 'undefined' },
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  logLevel: 'warning',
};

const texts = new Map<string, string>();
for (const program of programs) {
  const parts = await linkParts(program, options);
  const digest = createHash('sha256')
    .update([...parts.values()].join('\n'))
    .digest('hex');
  // bin/compiled-program.js knows by the first line which program it is.
  for (const [part, text] of parts) texts.set(part, `// ${digest}\n${text}`);
}
// What was a part once is to be none of what is installed.
rmSync('lib', { recursive: true, force: true });
mkdirSync('lib');
for (const [part, text] of texts) writeFileSync(`lib/${part}.cjs`, text);
