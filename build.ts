import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { build, type Plugin } from 'esbuild';

/*
 * Makes lib/kiln.cjs, which bin/kiln.js starts: the whole program in one file, since looking for files takes its time. And
 * lib/lint.cjs, which is `kiln lint` alone.
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
const lateModules = /^node:(child_process|fs\/promises|http|https|net|stream|stream\/promises|v8|worker_threads|zlib)$/;

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

const { outputFiles } = await build({
  entryPoints: { kiln: 'src/cli/main.ts', lint: 'src/cli/lint-main.ts' },
  outdir: 'lib',
  outExtension: { '.js': '.cjs' },
  write: false,
  bundle: true,
  platform: 'node',
  // In CommonJS a built-in module is loaded when it is first needed.
  format: 'cjs',
  target: 'node22',
  // The program is run by node:vm, which does not import.
  supported: { 'dynamic-import': false },
  charset: 'ascii',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [leanCommander, lateLoading],
  logLevel: 'warning',
  // Where it is used, it is used in ES modules only.
  logOverride: { 'empty-import-meta': 'silent' },
});

// bin/compiled-program.js knows by the first line which program it is, and calls the function that the rest is: putting the
// text into a function there would copy all of it on every start.
mkdirSync('lib', { recursive: true });
for (const { path, text } of outputFiles) {
  writeFileSync(path, `// ${createHash('sha256').update(text).digest('hex')}\n(function (module, require) {${text}\n})\n`);
}
