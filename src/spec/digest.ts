import { checkDigest } from './digest-syntax.ts';

declare const brand: unique symbol;

/**
 * The digest of the bytes of a blob, as they are stored and sent; `algorithm:hex`.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests
 */
export type Digest = string & { readonly [brand]: 'Digest' };

/**
 * The digest of the uncompressed tar of a layer, whatever the blob is compressed with.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-diffid
 */
export type DiffId = string & { readonly [brand]: 'DiffId' };

/**
 * Names a stack of layers: what comes of applying them in their order.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/config.md#layer-chainid
 */
export type ChainId = string & { readonly [brand]: 'ChainId' };

/** Checks a digest; throws a `ValueError`. */
export function parseDigest(text: string): Digest {
  checkDigest(text);
  return text as Digest;
}

/** Checks a diff id; throws a `ValueError`. */
export function parseDiffId(text: string): DiffId {
  checkDigest(text);
  return text as DiffId;
}

/** Checks a chain id; throws a `ValueError`. */
export function parseChainId(text: string): ChainId {
  checkDigest(text);
  return text as ChainId;
}

/** The algorithm of a digest, such as `sha256`. */
export function digestAlgorithm(digest: Digest | DiffId | ChainId): string {
  return digest.slice(0, digest.indexOf(':'));
}

/** The hexadecimal digits of a digest. */
export function digestHex(digest: Digest | DiffId | ChainId): string {
  return digest.slice(digest.indexOf(':') + 1);
}

/** The chain of one more layer on top of a chain. `sha256` gives the hexadecimal hash of a text. */
export function chainId(parent: ChainId | undefined, diffId: DiffId, sha256: (text: string) => string): ChainId {
  return parent === undefined ? parseChainId(diffId) : parseChainId(`sha256:${sha256(`${parent} ${diffId}`)}`);
}
