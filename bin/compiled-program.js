'use strict';

/*
 * Runs the program in lib/ from what V8 compiled in earlier runs. Node has a cache for that, too (module.enableCompileCache), but
 * keeps the functions that were compiled at first, not those that were compiled when they were first called, which is most.
 *
 * The program is in a few parts (bundle/link-parts.ts), each of which is loaded when something of it is first used. There is an
 * entry for each part and command, since commands share few of their functions. An entry is written by the first run, and again
 * by the first run of a kind, or when it is a day old: it then has the functions of all the runs in between. Of a kind are runs
 * that use the same parts and modules, as far as loading them can tell.
 */

const fs = require('node:fs');
const path = require('node:path');
const vm = require('node:vm');

const day = 86_400_000;
const program = path.join(__dirname, '../lib');
/** No more kinds of runs are told apart than that: what others compile is kept when the entry is a day old. */
const mostKinds = 30;

/** Loaded parts by name: `script`, functions that give the modules in `doors`, and of the entry its path, `isStale`, `kinds`. */
const parts = new Map();
/** Modules that were asked for, by their numbers; and these numbers, as a set of bits. */
const modules = [];
let used = 0n;
/** All parts and entries are read into it, one after the other: memory that nobody has touched yet takes time. */
let buffer = Buffer.allocUnsafeSlow(1 << 20);

exports.start = function start() {
  if (process.argv[2] === 'build') for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, cancel);
  const { main } = use(process.argv[2] === 'lint' ? 'lint' : 'start', 0);
  main(process.argv).then(() => {
    // Who interrupts a build does not want to wait.
    if (process.exitCode !== 130) keepCompiled();
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

/** A module of a part: one that other parts use, which have numbers. */
function use(name, number) {
  const known = modules[number];
  if (known) return known;
  let part = parts.get(name);
  if (!part) parts.set(name, (part = loadPart(name)));
  used |= 1n << BigInt(number);
  return (modules[number] = part.doors[`door${number}`]());
}

async function load(name, number) {
  return use(name, number);
}

function loadPart(name) {
  const filename = path.join(program, `${name}.cjs`);
  // It is all ASCII: what is not, is escaped.
  const text = readFile(filename).bytes.latin1Slice();
  const entry = entryPath(name, text);
  const cached = entry && readEntry(entry);
  const script = new vm.Script(text, { filename, cachedData: cached?.data });
  const isStale = !cached || script.cachedDataRejected || Math.abs(Date.now() - cached.written) > day;
  const doors = script.runInThisContext()(use, load, require);
  return { script, doors, entry, isStale, kinds: isStale ? [] : cached.kinds };
}

function keepCompiled() {
  const kind = used.toString(36);
  for (const { script, entry, isStale, kinds } of parts.values()) {
    if (!entry || !(isStale || (!kinds.includes(kind) && kinds.length < mostKinds))) continue;
    const first = [...kinds, kind].join(' ');
    // V8 copies what does not begin at a multiple of 8 bytes.
    const padding = ' '.repeat(7 - (first.length % 8));
    writeEntry(entry, [`${first}${padding}\n`, script.createCachedData()]);
  }
}

/**
 * In a folder of the user's own: what is kept there is run without further question. V8 itself refuses what another version
 * of it made, or itself with other flags, but not what was made of another program: hence the digest, which `npm run build`
 * puts into the first line.
 */
function entryPath(name, text) {
  const { env } = process;
  if (env.NODE_DISABLE_COMPILE_CACHE) return undefined;
  const cache = env.XDG_CACHE_HOME || (env.HOME && path.join(env.HOME, '.cache'));
  const digest = /^\/\/ ([0-9a-f]{64})\n/.exec(text)?.[1];
  if (!cache || !path.isAbsolute(cache) || !digest) return undefined;
  const command = /^[a-z]{1,16}$/.test(process.argv[2] ?? '') ? process.argv[2] : 'kiln';
  const version = `${process.version}-${process.arch}`;
  return path.join(cache, 'kiln', 'compiled', `${command}-${name}-${version}-${digest.slice(0, 32)}`);
}

/** Nothing if there is no such file, or if somebody else could have written it. */
function readEntry(entry) {
  try {
    const { bytes, written } = readFile(entry, fs.constants.O_NOFOLLOW, isOwn);
    const end = bytes.indexOf('\n') + 1;
    return { kinds: bytes.latin1Slice(0, end).trim().split(' '), data: bytes.subarray(end), written };
  } catch {
    return undefined;
  }
}

function isOwn({ uid, mode }) {
  return uid === process.geteuid() && (mode & 0o022) === 0;
}

/** What a file holds, until the next one is read. */
function readFile(name, flags = 0, isFine = () => true) {
  const file = fs.openSync(name, fs.constants.O_RDONLY | flags);
  try {
    const stat = fs.fstatSync(file);
    if (!isFine(stat)) throw new Error(`${name} is not to be read`);
    if (buffer.length < stat.size) buffer = Buffer.allocUnsafeSlow(stat.size);
    let length = 0;
    for (let read = -1; read !== 0 && length < stat.size; length += read)
      read = fs.readSync(file, buffer, length, stat.size - length, null);
    return { bytes: buffer.subarray(0, length), written: stat.mtimeMs };
  } finally {
    fs.closeSync(file);
  }
}

/** Kiln does without where there is no place for it. What a full disk leaves half written goes with the unused. */
function writeEntry(entry, data) {
  const folder = path.dirname(entry);
  const aside = `${entry}.${process.pid}`;
  try {
    makeFolder(folder, 3);
    removeUnused(folder);
    const file = fs.openSync(aside, 'w', 0o600);
    try {
      for (const part of data) fs.writeFileSync(file, part);
      // V8 does not look whether what it is given is whole: what a power failure leaves would crash every run.
      fs.fsyncSync(file);
    } finally {
      fs.closeSync(file);
    }
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
