import { lazy } from '../../spec/lazy.ts';
import { findPattern } from './match.ts';
import type { Pattern } from './pattern.ts';

/** `$$`, or the name of a group. Any other dollar sign is an ordinary character. */
const reference = lazy(() => /\$(?:\$|(?<bare>[\p{L}\p{Nd}_]+)|\{(?<braced>[\p{L}\p{Nd}_]+)\})/gu);

/** A value with the first match of a pattern replaced. */
export function replaceFirst(value: string, pattern: Pattern, replacement: string): string {
  const match = findPattern(pattern, value.toWellFormed(), 0);
  return match ? value.slice(0, match.start) + replacement + value.slice(match.end) : value;
}

/**
 * A value with all matches of a pattern replaced, or undefined if that is longer than `maximumLength` UTF-16 units.
 *
 * Unlike the replacement of {@link replaceFirst}, the template is one of Go's: `$0` is the match, `$1`, `$name` and
 * `${name}` are nothing, since a pattern has no groups, and `$$` is a dollar sign.
 *
 * @see https://pkg.go.dev/regexp#Regexp.ReplaceAllString
 */
export function replaceAll(
  value: string,
  pattern: Pattern,
  { template, maximumLength }: { readonly template: string; readonly maximumLength: number },
): string | undefined {
  const text = value.toWellFormed();
  const pieces = parseTemplate(template);
  const piecesLength = pieces.reduce((length, piece) => length + piece.length, 0);
  let result = '';
  let copied = 0;
  for (let from = 0; from <= text.length;) {
    const match = findPattern(pattern, text, from);
    if (!match) break;
    result += value.slice(copied, match.start);
    // Where a match ends, nothing is not another match.
    if (match.end > copied || match.start === 0) {
      const length = piecesLength + (pieces.length - 1) * (match.end - match.start);
      if (result.length + length > maximumLength) return undefined;
      result += pieces.join(value.slice(match.start, match.end));
    }
    copied = match.end;
    from = Math.max(match.end, from + characterLength(text, from));
  }
  return result + value.slice(copied);
}

/** The pieces between which the match goes. */
function parseTemplate(template: string): readonly string[] {
  const pieces = [];
  let piece = '';
  let copied = 0;
  for (const { 0: whole, index, groups } of template.matchAll(reference())) {
    piece += template.slice(copied, index);
    copied = index + whole.length;
    const name = groups?.['bare'] ?? groups?.['braced'];
    if (name === undefined) piece += '$';
    else if (name === '0') {
      pieces.push(piece);
      piece = '';
    }
  }
  return [...pieces, piece + template.slice(copied)];
}

function characterLength(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
}
