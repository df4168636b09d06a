import { percentDecode } from '../../spec/percent-encoding.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { isIpv6 } from './ip-address.ts';

/** Who logs in, decoded. */
export interface Userinfo {
  readonly name: string;
  readonly password?: string;
}

/** What stands between `//` and the path of a URL, decoded. */
export interface Authority {
  readonly user?: Userinfo;
  /** With the port. */
  readonly host: string;
}

/**
 * Splits `[user[:password]@]host[:port]`. Throws a {@link ValueError}.
 *
 * @param scheme - in lower case; `http` and `https` take one colon in a host only
 * @see https://pkg.go.dev/net/url#Parse
 */
export function parseAuthority(text: string, scheme: string): Authority {
  const at = text.lastIndexOf('@');
  const host = parseHost(text.slice(at + 1), scheme);
  return at < 0 ? { host } : { user: parseUser(text.slice(0, at)), host };
}

function parseUser(text: string): Userinfo {
  if (!/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(text)) throw new ValueError('net/url: invalid userinfo');
  const colon = text.indexOf(':');
  if (colon < 0) return { name: percentDecode(text, 'userinfo') };
  const name = percentDecode(text.slice(0, colon), 'userinfo');
  return { name, password: percentDecode(text.slice(colon + 1), 'userinfo') };
}

function parseHost(text: string, scheme: string): string {
  const bracket = text.lastIndexOf('[');
  if (bracket > 0) throw new ValueError('invalid IP-literal');
  if (bracket === 0) return parseLiteral(text);
  const isStrict = scheme === 'http' || scheme === 'https';
  const colon = isStrict ? text.indexOf(':') : text.lastIndexOf(':');
  if (colon >= 0) checkPort(text.slice(colon));
  return percentDecode(text, 'host');
}

/** An IPv6 address in brackets; its zone follows `%25` and may hold more than a host. */
function parseLiteral(text: string): string {
  const close = text.lastIndexOf(']');
  if (close < 0) throw new ValueError("missing ']' in host");
  const port = text.slice(close + 1);
  checkPort(port);
  const literal = text.slice(1, close);
  const zone = literal.indexOf('%25');
  const address = percentDecode(zone < 0 ? literal : literal.slice(0, zone), 'host');
  const suffix = zone < 0 ? '' : percentDecode(literal.slice(zone), 'zone');
  if (!isIpv6(address) || suffix === '%') throw new ValueError('invalid IP-literal');
  return `[${address}${suffix}]${port}`;
}

function checkPort(port: string): void {
  if (!/^(?::[0-9]*)?$/.test(port)) throw new ValueError(`invalid port ${quote(port)} after host`);
}
