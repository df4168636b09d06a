import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, writeFileSync } from 'node:fs';
import { getuid } from 'node:process';
import { describe, expect, it, onTestFinished } from 'vitest';
import { mount, mountFlags, unmount } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';
import { statPath } from './host-path.ts';
import { isOpaque, isWhiteout, makeOpaque, makeWhiteout } from './overlay-marks.ts';
import { findInStack } from './overlay.ts';
import { readMergedDirectory } from './merged-directory.ts';
import { TestFolder } from './testing.ts';

const isRoot = getuid?.() === 0;

/** An overlayfs in memory. */
function overlayFolder(folder: TestFolder): string {
  mount({ source: 'none', target: folder.path, type: 'tmpfs' });
  onTestFinished(() => {
    unmount(folder.path, mountFlags.MNT_DETACH);
    folder[Symbol.dispose]();
  });
  const [lower, upper, work, target] = ['lower', 'upper', 'work', 'merged'].map((name) => folder.join(name));
  for (const path of [lower, upper, work, target]) mkdirSync(path ?? '');
  mountOverlay({
    lowers: [lower ?? ''],
    upper: upper ?? '',
    work: work ?? '',
    target: target ?? '',
    userXattr: false,
  });
  onTestFinished(() => {
    unmount(target ?? '', mountFlags.MNT_DETACH);
  });
  return target ?? '';
}

describe.skipIf(!isRoot)('marks of overlay directories', () => {
  it('are devices and attributes', () => {
    using folder = new TestFolder();
    makeWhiteout(folder.join('gone'));
    makeOpaque(folder.path, false);
    expect(lstatSync(folder.join('gone')).isCharacterDevice()).toBe(true);
    expect(isOpaque(folder.path)).toBe(true);
  });

  it('can be kept on an overlayfs, which has no such devices', () => {
    const place = overlayFolder(new TestFolder());
    const [below, above] = [`${place}/below`, `${place}/above`];
    for (const path of [below, above, `${below}/d`, `${above}/d`]) mkdirSync(path);
    for (const path of [`${below}/gone`, `${below}/d/old`, `${below}/empty`, `${above}/d/new`]) writeFileSync(path, '');
    makeWhiteout(`${above}/gone`);
    makeOpaque(`${above}/d`, false);
    const stat = statPath(`${above}/gone`);
    expect(stat?.isFile() === true && isWhiteout(`${above}/gone`, stat)).toBe(true);
    // It is what hides something in a directory, which hides nothing else.
    expect([isOpaque(above), isOpaque(`${above}/d`)]).toEqual([false, true]);
    expect(findInStack([below, above], 'gone')).toBeUndefined();
    expect(findInStack([below, above], 'empty')).toBeDefined();
    expect(findInStack([below, above], 'd/old')).toBeUndefined();
    const merged = readMergedDirectory({ parts: [above, below] }).map(({ kind, name }) => `${kind} ${name}`);
    expect(merged).toEqual(['directory d', 'node empty', 'whiteout gone']);
  });

  it('are told from empty files', () => {
    using folder = new TestFolder();
    closeSync(openSync(folder.join('empty'), 'wx'));
    const stat = statPath(folder.join('empty'));
    expect(stat && isWhiteout(folder.join('empty'), stat)).toBe(false);
    expect(readdirSync(folder.path)).toEqual(['empty']);
  });
});
