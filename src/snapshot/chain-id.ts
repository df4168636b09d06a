import { toBytes } from '../spec/byte-string.ts';
import { sha256 } from '../spec/sha256.ts';

/**
 * Chain id of a layer on top of others; an empty parent stands for none.
 * https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-chainid
 */
export function chainOf(parent: string, diffId: string): string {
  return parent === '' ? diffId : `sha256:${sha256(toBytes(`${parent} ${diffId}`))}`;
}
