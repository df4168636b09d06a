#!/usr/bin/env node
'use strict';

/*
 * Starts Kiln. The program itself is one bundled file, lib/kiln.cjs, which `npm run build` makes. This file is only here to
 * keep the compiled program from one run to the next: compiling it takes longer than most of what it is asked.
 */

const fs = require('node:fs');

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
  require('./compiled-program.js').start();
}
