import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';
import { linkParts, type PartRoots } from './bundle/link-parts.ts';

/*
 * Makes the files in lib/, which bin/kiln.js starts: the program in a few parts, since looking for files takes its time, and so
 * does loading what is not needed. And lib/lint.cjs, which is `kiln lint` alone.
 */

/**
 * What commander imports as a whole, and a bundle would copy property by property on every start. It starts subcommands
 * that are programs of their own, too; Kiln has none, and what that takes is slow to load.
 */
const wholeModules: Readonly<Record<string, string>> = {
  'node:child_process': 'export default {};',
  'node:fs': 'export default require("node:fs");',
  'node:path': 'export default require("node:path");',
  'node:process': 'export default process;',
};

const leanCommander: Plugin = {
  name: 'lean-commander',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ importer, path }) =>
      importer.includes('/commander/') && path in wholeModules ? { path, namespace: 'lean' } : undefined,
    );
    bundle.onLoad({ filter: /.*/, namespace: 'lean' }, ({ path }) => ({ contents: wholeModules[path] ?? '' }));
  },
};

/** Built-in modules that take a millisecond or more to load, and that most runs do without. */
const lateModules =
  /^node:(child_process|crypto|fs\/promises|http|https|module|net|stream|stream\/promises|timers\/promises|v8|worker_threads|zlib)$/;

/** Has modules loaded when something of them is first used, not when they are imported. */
const lateLoading: Plugin = {
  name: 'late-loading',
  setup(bundle) {
    bundle.onResolve({ filter: lateModules }, ({ namespace, path }) =>
      namespace === 'late' ? { path, external: true } : { path, namespace: 'late' },
    );
    // What esbuild makes of an import copies the properties of the module, of which there are none, and inherits the others.
    bundle.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `let loaded;
        const get = (_, name) => (loaded ??= require(${JSON.stringify(path)}))[name];
        module.exports = Object.create(new Proxy({}, { get }));`,
    }));
  },
};

/** What each part begins with. `kiln` is what every build needs, also one that finds all of it done. */
const programs: Readonly<Record<string, PartRoots>> = {
  kiln: {
    kiln: [
      'src/cli/main.ts',
      'src/cli/commands/build.ts',
      'src/cli/commands/run-build.ts',
      'src/engine/build/become-root.ts',
      'src/engine/build/build.ts',
    ],
  },
  lint: { lint: ['src/cli/lint-main.ts'] },
};

mkdirSync('lib', { recursive: true });
for (const [program, roots] of Object.entries(programs)) {
  const bundle = await build({
    entryPoints: { [program]: Object.values(roots).flat()[0] ?? '' },
    outdir: 'lib',
    write: false,
    bundle: true,
    platform: 'node',
    format: 'esm',
    splitting: true,
    metafile: true,
    target: 'node22',
    charset: 'ascii',
    // Where it is used, it is used in ES modules only.
    define: { 'import.meta.url': 'undefined' },
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [leanCommander, lateLoading],
    logLevel: 'warning',
  });
  const parts = linkParts(bundle, roots);
  const digest = createHash('sha256')
    .update([...parts.values()].join('\n'))
    .digest('hex');
  // bin/compiled-program.js knows by the first line which program it is.
  for (const [part, text] of parts) writeFileSync(`lib/${part}.cjs`, `// ${digest}\n${text}`);
}
