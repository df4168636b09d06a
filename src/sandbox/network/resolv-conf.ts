const loopback = /^(127\.|::1$|0\.0\.0\.0$)/;

/**
 * What a step in a network of its own sees of the host's /etc/resolv.conf: there, `resolver` stands for the first of the
 * host's resolvers, which may be one of its loopback addresses. It does so for IPv4 only; others stay, if they can be reached.
 */
export function isolatedResolvConf(text: string, resolver: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const isServer = (line: string): boolean => /^\s*nameserver\s/.test(line);
  const addresses = lines.filter(isServer).map((line) => line.trim().split(/\s+/)[1] ?? '');
  const reachable = addresses.filter((address) => !loopback.test(address));
  const servers = reachable.length === 0 || addresses.some((address) => address.includes('.')) ? [resolver] : reachable;
  return [...servers.map((address) => `nameserver ${address}`), ...lines.filter((line) => !isServer(line))]
    .map((line) => `${line}\n`)
    .join('');
}
