import { join, resolve } from 'node:path';

/** Where the store is looked for. */
export interface StorePlace {
  /** `--root`. */
  readonly root: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user who runs Kiln. */
  readonly uid: number;
}

/**
 * The absolute path of the store: `--root`, `$KILN_ROOT`, `$XDG_DATA_HOME/kiln`, for root `/var/lib/kiln`, else
 * `~/.local/share/kiln`.
 */
export function storePath({ root, env, uid }: StorePlace): string {
  const named = root || env['KILN_ROOT'];
  if (named) return resolve(named);
  const data = env['XDG_DATA_HOME'];
  // A relative path is invalid there: https://specifications.freedesktop.org/basedir-spec/latest/
  if (data?.startsWith('/')) return join(data, 'kiln');
  return uid === 0 ? '/var/lib/kiln' : resolve(env['HOME'] || '/', '.local/share/kiln');
}
