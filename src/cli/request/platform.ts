import { parsePlatform } from '../../spec/platform.ts';
import { parseFlag } from './flag-error.ts';

/** What a specifier leaves out does not matter for whether it is one. */
const anyHost = { os: 'linux', architecture: 'amd64' };

/** `--platform A,B`; `local` is that of this machine. Throws KilnError `cli/flag`. */
export function readPlatforms(texts: readonly string[]): readonly string[] {
  return texts
    .flatMap((text) => text.split(','))
    .map((platform) => {
      if (platform.toLowerCase() === 'local') return 'local';
      parseFlag(
        () => parsePlatform(platform, anyHost),
        (reason) => `invalid platform ${platform}: ${reason}`,
        'a platform is os/architecture[/variant], such as linux/arm64',
      );
      return platform;
    });
}
