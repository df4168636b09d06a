/** Where a registry answers. The first that does is used. */
export type Endpoints = readonly [string, ...(readonly string[])];

/**
 * The addresses of the registry of a domain, without a slash at the end. On this machine TLS is not needed, elsewhere it is.
 *
 * @see https://pkg.go.dev/github.com/containerd/containerd/v2/core/remotes/docker#MatchLocalhost
 */
export function registryEndpoints(domain: string): Endpoints {
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  return isLoopback(host.replace(/:\d+$/, '')) ? [`http://${host}`, `https://${host}`] : [`https://${host}`];
}

/** Whether a name of a host, without a port, stands for this machine. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}

/** Whether one who was asked at one address, and answered from another, is the same. Going on without encryption counts as going elsewhere. */
export function isSameServer(from: URL, to: URL): boolean {
  return from.host === to.host && (from.protocol === to.protocol || to.protocol === 'https:');
}
