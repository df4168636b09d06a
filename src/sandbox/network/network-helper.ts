import { findProgram } from '../find-program.ts';

/** A program that connects a network namespace without being a router of the kernel. */
export interface NetworkHelper {
  readonly name: string;
  /** Where it is installed. */
  readonly path: string;
  /** Its arguments, for a namespace by its path, so that it prints a number when the network is there, and stays. */
  readonly args: (namespace: string) => readonly string[];
  /** Where it answers what the first resolver of the host would answer. */
  readonly resolver: string;
}

/** Nobody's: https://www.rfc-editor.org/rfc/rfc3927 */
const forwardedResolver = '169.254.1.1';

/** What there is to know of each, the best first. */
const known: readonly Omit<NetworkHelper, 'path'>[] = [
  {
    // https://passt.top
    name: 'pasta',
    args: (namespace) => [
      ...['--netns', namespace, '--netns-only', '--foreground', '--quiet', '--stderr', '--config-net'],
      ...['--ns-ifname', 'eth0', '--no-map-gw', '--dns-forward', forwardedResolver],
      // Nothing that listens on either side can be reached from the other.
      ...['--tcp-ports', 'none', '--udp-ports', 'none', '--tcp-ns', 'none', '--udp-ns', 'none'],
      // Somebody else may not enter the namespace of root; it gives up its capabilities and its root by itself.
      ...['--runas', '0', '--pid', '/dev/stdout'],
    ],
    resolver: forwardedResolver,
  },
  {
    // https://github.com/rootless-containers/slirp4netns
    name: 'slirp4netns',
    args: (namespace) => [
      ...['--configure', '--mtu=65520', '--disable-host-loopback', '--enable-sandbox', '--enable-seccomp'],
      ...['--netns-type=path', '--ready-fd=1', namespace, 'eth0'],
    ],
    resolver: '10.0.2.3',
  },
];

/** Those that are installed, the best first. */
export function networkHelpers(searchPath: string): readonly NetworkHelper[] {
  return known.flatMap((helper) => {
    const path = findProgram(helper.name, searchPath);
    return path === undefined ? [] : [{ ...helper, path }];
  });
}

/** All that could be, for messages. */
export const networkHelperNames: readonly string[] = known.map(({ name }) => name);
