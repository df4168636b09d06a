import { userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { KilnError } from '../../diagnostic/kiln-error.ts';

/** Where the store is looked for. */
export interface StorePlace {
  /** `--root`. */
  readonly root: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of the user who runs Kiln. */
  readonly uid: number;
  /** What the system says is the user's home; undefined if it does not know the user. */
  readonly systemHome?: () => string | undefined;
}

/**
 * The absolute path of the store: `--root`, `$KILN_ROOT`, `$XDG_DATA_HOME/kiln`, for root `/var/lib/kiln`, else
 * `~/.local/share/kiln`.
 *
 * Throws KilnError `cli/no-home` for a user who has no home.
 */
export function storePath({ root, env, uid, systemHome = homeOfUser }: StorePlace): string {
  const named = root || env['KILN_ROOT'];
  if (named) return resolve(named);
  const data = env['XDG_DATA_HOME'];
  // A relative path is invalid there: https://specifications.freedesktop.org/basedir-spec/latest/
  if (data && isAbsolute(data)) return join(data, 'kiln');
  if (uid === 0) return '/var/lib/kiln';
  const home = env['HOME'] || systemHome();
  if (home && isAbsolute(home)) return join(home, '.local/share/kiln');
  throw new KilnError('cli/no-home', `there is no place for the store: user ${uid} has no home directory`, {
    hint: 'name a place with --root, KILN_ROOT or XDG_DATA_HOME',
  });
}

function homeOfUser(): string | undefined {
  try {
    return userInfo().homedir;
  } catch {
    // The system does not know every user that it runs programs for.
    return undefined;
  }
}
