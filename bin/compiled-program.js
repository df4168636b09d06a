'use strict';

/*
 * Runs lib/kiln.cjs, or lib/lint.cjs for that command, from what V8 compiled in an earlier run. Node has a cache for that, too (module.enableCompileCache), but
 * keeps the functions that were compiled at first, not those that were compiled when they were first called, which is most.
 *
 * There is an entry for each command, since commands share few of their functions. An entry is written by the first run,
 * and again when it is a day old: it then has the functions of all the runs in between.
 */

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const day = 86_400_000;
const program = path.join(__dirname, '../lib', process.argv[2] === 'lint' ? 'lint.cjs' : 'kiln.cjs');

exports.start = function start() {
  if (process.argv[2] === 'build') for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, cancel);
  // It is all ASCII: what is not, is escaped.
  const text = fs.readFileSync(program, 'latin1');
  const entry = entryPath(text);
  const cached = entry && readEntry(entry);
  const script = new vm.Script(text, { filename: program, cachedData: cached?.data });
  const isStale = !cached || script.cachedDataRejected || Math.abs(Date.now() - cached.written) > day;
  const module = { exports: {} };
  script.runInThisContext()(module, require);
  module.exports.main(process.argv).then(() => {
    if (entry && isStale) writeEntry(entry, script.createCachedData());
    // Everything has been written by then, and taking the process apart piece by piece takes time.
    process.exit();
  });
};

/** A build that has not begun ends as one that has: src/cli/interruption.ts does this from then on. */
function cancel() {
  try {
    fs.writeSync(2, 'error: failed to solve: Canceled: context canceled\n');
  } finally {
    process.exit(130);
  }
}

/**
 * In a folder of the user's own: what is kept there is run without further question. V8 itself refuses what another version
 * of it made, or itself with other flags, but not what was made of another program: hence the digest, which `npm run build`
 * puts into the first line.
 */
function entryPath(text) {
  const { env } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const cache = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  const digest = /^\/\/ ([0-9a-f]{64})\n/.exec(text)?.[1];
  if (!cache || !path.isAbsolute(cache) || !digest) return undefined;
  const command = /^[a-z]{1,16}$/.test(process.argv[2] ?? '') ? process.argv[2] : 'kiln';
  const version = `${process.version}-${process.arch}`;
  return path.join(cache, 'kiln', 'compiled', `${command}-${version}-${digest.slice(0, 32)}`);
}

/** Nothing if there is no such file, or if somebody else could have written it. */
function readEntry(entry) {
  let file;
  try {
    file = fs.openSync(entry, fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW);
    const { uid, mode, mtimeMs } = fs.fstatSync(file);
    return uid === process.geteuid() && (mode & 0o022) === 0
      ? { data: fs.readFileSync(file), written: mtimeMs }
      : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}

/** Kiln does without where there is no place for it. What a full disk leaves half written goes with the unused. */
function writeEntry(entry, data) {
  const folder = path.dirname(entry);
  const aside = `${entry}.${process.pid}`;
  try {
    makeFolder(folder, 3);
    removeUnused(folder);
    fs.writeFileSync(aside, data, { mode: 0o600 });
    fs.renameSync(aside, entry);
  } catch {
    // The next run is as slow as this one was.
  }
}

/** With those above it that are missing, so many in all. Not `recursive`: in /proc, where none can be made, that never ends. */
function makeFolder(folder, levels) {
  if (levels === 0 || fs.existsSync(folder)) return;
  makeFolder(path.dirname(folder), levels - 1);
  fs.mkdirSync(folder, { mode: 0o700 });
}

/** What other versions left, and what did not get its name. Entries in use are written again every day. */
function removeUnused(folder) {
  for (const name of fs.readdirSync(folder)) {
    const file = path.join(folder, name);
    if (Date.now() - fs.lstatSync(file).mtimeMs > 30 * day) fs.rmSync(file, { recursive: true, force: true });
  }
}
