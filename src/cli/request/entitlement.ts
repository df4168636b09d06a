import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { flagError } from './flag-error.ts';

const known = ['network.host', 'security.insecure', 'device', 'buildx.local.delete'];

/**
 * `--allow A,B`; `device=...` stays whole.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#allow
 */
export function readEntitlements(texts: readonly string[]): ReadonlySet<string> {
  const all = texts.flatMap((text) => (text.startsWith('device=') ? [text] : text.split(',')));
  for (const text of all) {
    if (text === '' || text.startsWith('device=') || known.includes(text)) continue;
    throw flagError(
      `unknown entitlement ${text}${didYouMean(suggest(text, known))}`,
      'the entitlements are network.host, security.insecure and device',
    );
  }
  return new Set(all.filter((text) => text !== ''));
}
