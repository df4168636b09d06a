import { build, type Plugin } from 'esbuild';

/* Makes lib/kiln.cjs, which bin/kiln.js starts: the whole program in one file, since looking for files takes its time. */

/** Commander starts subcommands that are programs of their own, which Kiln has none of; loading what that takes is slow. */
const withoutSubprograms: Plugin = {
  name: 'without-subprograms',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer, path }) =>
      importer.includes('/commander/') ? { path, namespace: 'none' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({ contents: 'export default {};' }));
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
  plugins: [withoutSubprograms],
  logLevel: 'warning',
});
