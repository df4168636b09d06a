import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';

/** How progress is shown; `auto` is `tty` on a terminal, else `plain`. */
export type ProgressKind = 'auto' | 'tty' | 'plain' | 'quiet' | 'rawjson' | 'none';

const kinds: readonly string[] = ['auto', 'tty', 'plain', 'quiet', 'rawjson', 'none'] satisfies ProgressKind[];

/** What the user has said about progress. */
export interface ProgressWish {
  /** `--progress`. */
  readonly progress: string | undefined;
  /** `--quiet`. */
  readonly quiet: boolean;
  /** `BUILDKIT_PROGRESS` is heeded. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The kind of progress that is wanted. Throws KilnError `cli/progress`. */
export function chooseProgress({ progress = 'auto', quiet, env }: ProgressWish): ProgressKind {
  if (quiet) {
    if (!['auto', 'quiet', 'none'].includes(progress)) {
      throw new KilnError('cli/progress', `progress=${progress} and quiet cannot be used together`);
    }
    return 'quiet';
  }
  const kind = progress === 'auto' ? env['BUILDKIT_PROGRESS'] || progress : progress;
  if (isProgressKind(kind)) return kind;
  throw new KilnError('cli/progress', `invalid progress mode ${kind}${didYouMean(suggest(kind, kinds))}`, {
    hint: `the modes are ${kinds.join(', ')}`,
  });
}

function isProgressKind(text: string): text is ProgressKind {
  return kinds.includes(text);
}
