import { quote } from '../../spec/quote.ts';
import { matchReference } from '../../spec/reference-syntax.ts';
import { formatReference, parseReference, tagNameOnly } from '../../spec/reference.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseFlag } from './flag-error.ts';

/** `-t NAME[:TAG]` as the full name with a tag. Throws KilnError `cli/flag`. */
export function readTag(text: string): string {
  return parseFlag(
    () => parseTag(text),
    (reason) => `invalid tag ${quote(text)}: ${reason}`,
    'the form is [REGISTRY/]REPOSITORY[:TAG], such as app:1.0',
  );
}

function parseTag(text: string): string {
  if (!matchReference(text)) {
    const isOnlyUppercase = matchReference(text.toLowerCase()) !== undefined;
    throw new ValueError(isOnlyUppercase ? 'repository name must be lowercase' : 'invalid reference format');
  }
  return formatReference(tagNameOnly(parseReference(text)));
}
