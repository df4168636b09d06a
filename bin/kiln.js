#!/usr/bin/env node
'use strict';

/*
 * Starts Kiln. The program itself is one bundled file, lib/kiln.cjs, which `npm run build` makes. This file is only here to
 * have V8 keep the compiled program from one run to the next: compiling it takes longer than most of what it is asked.
 */

const fs = require('node:fs');
const path = require('node:path');

const oldest = [22, 15];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  process.stderr.write(
    `error: kiln needs Node ${oldest.join('.')} or newer, and this is Node ${process.versions.node}\n`,
  );
  process.exitCode = 2;
} else if (process.argv.length === 3 && /^(--version|-V)$/.test(process.argv[2])) {
  fs.writeSync(1, `${require('../package.json').version}\n`);
} else {
  keepCompiledCode();
  // Everything has been written by then, and taking the process apart piece by piece takes time.
  require('../lib/kiln.cjs')
    .main(process.argv)
    .then(() => process.exit());
}

/**
 * In a folder of the user's own, never in one that others can write to: what is kept there is run without further question.
 */
function keepCompiledCode() {
  const { env } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return;
  const cache = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  if (cache && path.isAbsolute(cache)) require('node:module').enableCompileCache(path.join(cache, 'kiln', 'compiled'));
}
