import { percentDecode } from '../spec/percent-encoding.ts';

/** The name of a file for which a URL gives none. */
const unnamed = '__unnamed__';

/**
 * What ADD calls the file at a URL: by the end of the path, whatever the server says.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/frontend/dockerfile/dockerfile2llb/convert_copy.go#L195
 */
export function httpFileName(url: string): string {
  const base = baseName(decodedPath(url));
  return safeFileName(base === '' ? unnamed : base);
}

function decodedPath(url: string): string {
  if (!URL.canParse(url)) return '';
  const { pathname } = new URL(url);
  try {
    return percentDecode(pathname, 'path');
  } catch {
    return '';
  }
}

/** A name that can be that of a file in a directory, and of nothing else. */
export function safeFileName(text: string): string {
  const name = baseName(text.trim());
  return name === '' || name === '.' || name === '..' || /[\0-\x1f\x7f-\x9f]/.test(name) ? 'download' : name;
}

function baseName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
