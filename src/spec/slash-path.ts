/** An empty, `.` or `..` name: without one, there is nothing to clean. */
const dirty = /(?:^|\/)\.{0,2}(?:\/|$)/;

/** Whether {@link cleanPath} leaves a path as it is because there is no empty, `.` or `..` name in it. */
export function isCleanPath(path: string): boolean {
  return !dirty.test(path);
}

/**
 * The shortest slash-separated path that means the same, without looking at any file; `.` if it is empty.
 *
 * @see https://pkg.go.dev/path#Clean
 */
export function cleanPath(path: string): string {
  if (isCleanPath(path)) return path;
  const isRooted = path.startsWith('/');
  const kept: string[] = [];
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue;
    if (name !== '..') kept.push(name);
    else if (kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else if (!isRooted) kept.push(name);
  }
  const joined = kept.join('/');
  if (isRooted) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/**
 * The {@link cleanPath} of the parts that are not empty; empty if all are.
 *
 * @see https://pkg.go.dev/path#Join
 */
export function joinPath(...parts: readonly string[]): string {
  const joined = parts.filter((part) => part !== '').join('/');
  return joined === '' ? '' : cleanPath(joined);
}

/**
 * The cleaned path of the directory that holds a path; `.` for a path without slashes.
 *
 * @see https://pkg.go.dev/path#Dir
 */
export function parentPath(path: string): string {
  return cleanPath(path.slice(0, path.lastIndexOf('/') + 1));
}
