import { ValueError } from '../../spec/value-error.ts';

/**
 * The host of a text `host:port`, without the brackets an IPv6 address needs there. Throws a {@link ValueError}.
 *
 * @see https://pkg.go.dev/net#SplitHostPort
 */
export function hostOf(text: string): string {
  const problem = hostPortProblem(text);
  if (problem !== undefined) throw new ValueError(`address ${text}: ${problem}`);
  return text.startsWith('[') ? text.slice(1, text.indexOf(']')) : text.slice(0, text.lastIndexOf(':'));
}

function hostPortProblem(text: string): string | undefined {
  const colon = text.lastIndexOf(':');
  if (colon < 0) return 'missing port in address';
  const isBracketed = text.startsWith('[');
  const close = text.indexOf(']');
  if (isBracketed) {
    if (close < 0) return "missing ']' in address";
    if (close + 1 !== colon) return text[close + 1] === ':' ? 'too many colons in address' : 'missing port in address';
  } else if (text.indexOf(':') < colon) return 'too many colons in address';
  if (text.includes('[', isBracketed ? 1 : 0)) return "unexpected '[' in address";
  if (text.includes(']', isBracketed ? close + 1 : 0)) return "unexpected ']' in address";
  return undefined;
}
