/** Where a registry answers. The first that does is used. */
export type Endpoints = readonly [string, ...(readonly string[])];

/**
 * The addresses of the registry of a domain, without a slash at the end. On this machine TLS is not needed, elsewhere it is.
 *
 * @see https://pkg.go.dev/github.com/containerd/containerd/v2/core/remotes/docker#MatchLocalhost
 */
export function registryEndpoints(domain: string): Endpoints {
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  return isLocal(host) ? [`http://${host}`, `https://${host}`] : [`https://${host}`];
}

function isLocal(host: string): boolean {
  const name = host.replace(/:\d+$/, '');
  return name === 'localhost' || name === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(name);
}
