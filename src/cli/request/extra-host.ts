import { isIpAddress } from '../../dockerfile/values/ip-address.ts';
import type { ExtraHostRequest } from './build-request.ts';
import { flagError } from './flag-error.ts';
import { fieldsOf } from './key-value.ts';

/**
 * `--add-host HOST:IP`, `HOST=IP`, several after commas; an IPv6 address may be in brackets.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#add-host
 */
export function readExtraHosts(text: string): readonly ExtraHostRequest[] {
  return fieldsOf(text).map((field) => {
    const separator = field.includes('=') ? '=' : ':';
    const at = field.indexOf(separator);
    const host = field.slice(0, Math.max(at, 0));
    const ip = field.slice(at + 1).replace(/^\[(.+)\]$/, '$1');
    if (host === '' || !(ip === 'host-gateway' || isIpAddress(ip))) {
      throw flagError(`invalid host ${field}`, 'the form is --add-host HOST:IP, or HOST:host-gateway');
    }
    return { host, ip };
  });
}
