import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { hostOf } from './host-port.ts';
import { parseInteger } from './integer.ts';
import { isIpAddress } from './ip-address.ts';

/** What of a port is accepted but not as it should be. */
export interface PortFlags {
  readonly protocolNotLowercase: boolean;
  /** A port or address of the host was given, as for `docker run`. */
  readonly hostPart: boolean;
}

/** The ports that one word of EXPOSE means. */
export interface Port extends PortFlags {
  readonly first: number;
  /** Not before the first. */
  readonly last: number;
  /** In lower case. */
  readonly protocol: string;
}

/** A word is no port. The flags are false if it is too wrong to know them. */
export class PortError extends ValueError implements PortFlags {
  override readonly name = 'PortError';
  readonly protocolNotLowercase: boolean;
  readonly hostPart: boolean;

  constructor(message: string, flags: PortFlags) {
    super(message);
    this.protocolNotLowercase = flags.protocolNotLowercase;
    this.hostPart = flags.hostPart;
  }
}

/**
 * The ports of `[[address:]host-port:]port[-port][/protocol]`; what concerns the host is checked and dropped.
 *
 * Throws a {@link PortError}.
 *
 * @see https://docs.docker.com/reference/dockerfile/#expose
 */
export function parsePort(text: string): Port {
  const { address, hostPort, containerPort } = splitParts(text);
  const slash = containerPort.indexOf('/');
  const range = slash < 0 ? containerPort : containerPort.slice(0, slash);
  const protocol = (slash < 0 ? '' : containerPort.slice(slash + 1)) || 'tcp';
  const problem = protocolProblem(range, protocol);
  if (problem !== undefined) {
    throw new PortError(`invalid port: ${quote(text)}: ${problem}`, { protocolNotLowercase: false, hostPart: false });
  }
  const flags: PortFlags = {
    protocolNotLowercase: protocol !== protocol.toLowerCase(),
    hostPart: address !== '' || hostPort !== '',
  };
  try {
    checkAddress(address);
    const { first, last } = parseRange(range, `invalid containerPort: ${range}`);
    checkHostPort(hostPort, { first, last, text: range });
    return { first, last, protocol: protocol.toLowerCase(), ...flags };
  } catch (error) {
    if (error instanceof ValueError) throw new PortError(error.message, flags);
    throw error;
  }
}

/** Each port as `80/tcp`, ascending. */
export function portNames({ first, last, protocol }: Port): readonly string[] {
  return Array.from({ length: last - first + 1 }, (_, index) => `${first + index}/${protocol}`);
}

interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** The last two colons count; those of an IPv6 address stand before them. */
function splitParts(text: string): { address: string; hostPort: string; containerPort: string } {
  const parts = text.split(':');
  const [hostPort = '', containerPort = ''] = parts.length === 1 ? ['', text] : parts.slice(-2);
  return { address: parts.slice(0, -2).join(':'), hostPort, containerPort };
}

function protocolProblem(range: string, protocol: string): string | undefined {
  if (range === '') return 'no port specified';
  return ['tcp', 'udp', 'sctp'].includes(protocol.toLowerCase()) ? undefined : `invalid proto: ${protocol}`;
}

function checkAddress(address: string): void {
  if (address === '') return;
  const bare = address.startsWith('[') ? withoutBrackets(address) : address;
  if (bare !== '' && !isIpAddress(bare)) throw new ValueError(`invalid IP address: ${bare}`);
}

function withoutBrackets(address: string): string {
  try {
    return hostOf(`${address}:`);
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`invalid IP address ${address}: ${error.message}`);
    throw error;
  }
}

/** A single port of the container may be mapped to any one of a range of the host. */
function checkHostPort(hostPort: string, container: PortRange & { text: string }): void {
  if (hostPort === '') return;
  const host = parseRange(hostPort, `invalid hostPort: ${hostPort}`);
  const size = container.last - container.first;
  if (size === 0 || size === host.last - host.first) return;
  throw new ValueError(`invalid ranges specified for container and host Ports: ${container.text} and ${hostPort}`);
}

function parseRange(text: string, problem: string): PortRange {
  const dash = text.indexOf('-');
  const first = parseNumber(dash < 0 ? text : text.slice(0, dash), problem);
  const last = dash < 0 ? first : parseNumber(text.slice(dash + 1), problem);
  if (last < first) throw new ValueError(problem);
  return { first, last };
}

function parseNumber(text: string, problem: string): number {
  try {
    const number = parseInteger(text, { base: 10, bits: 64 });
    if (number >= 0 && number <= 65535) return number;
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
  }
  throw new ValueError(problem);
}
