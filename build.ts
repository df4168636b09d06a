import { build, type Plugin } from 'esbuild';

/* Makes lib/kiln.cjs, which bin/kiln.js starts: the whole program in one file, since looking for files takes its time. */

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

await build({
  entryPoints: ['src/cli/main.ts'],
  outfile: 'lib/kiln.cjs',
  bundle: true,
  platform: 'node',
  // In CommonJS a built-in module is loaded when it is first needed.
  format: 'cjs',
  target: 'node22',
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: 'none',
  plugins: [leanCommander],
  logLevel: 'warning',
});
