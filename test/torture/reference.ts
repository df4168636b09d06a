import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TarReader } from '../../src/spec/tar/tar-reader.ts';
import { contextNames, type ContextName } from './contexts.ts';
import type { Workshop } from './workshop.ts';

/** A build, by what decides its result. */
export interface Product {
  readonly context: ContextName;
  readonly salt: number;
}

/** What builds come to: the digest of the image, and one over the files of its file system. */
export type References = ReadonlyMap<string, string>;

export function productKey({ context, salt }: Product): string {
  return `${context} ${salt}`;
}

/** Builds in fresh stores, one after the other. */
export async function makeReferences(shop: Workshop, salts: number): Promise<References> {
  const references = new Map<string, string>();
  for (let salt = 0; salt < salts; salt++) {
    const store = await shop.newStore('reference-store');
    for (const context of contextNames) {
      references.set(productKey({ context, salt }), await product(shop, { context, salt }, store));
    }
    rmSync(store, { recursive: true });
  }
  return references;
}

/** Builds once more in a store that has seen much; what is wrong, in a line each. */
export async function compare(
  shop: Workshop,
  salt: number,
  { store, references }: Compared,
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const context of contextNames) {
    try {
      const made = await product(shop, { context, salt }, store);
      const expected = references.get(productKey({ context, salt })) ?? '';
      if (made !== expected) problems.push(`${context} ${salt} is ${made}, not ${expected}`);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  return problems;
}

export interface Compared {
  readonly store: string;
  readonly references: References;
}

/** Arguments of a build, without its outputs. */
export function buildArguments(shop: Workshop, { context, salt }: Product): readonly string[] {
  return ['build', '--progress', 'plain', '--build-arg', `SALT=${salt}`, shop.path(`contexts/${context}`)];
}

let count = 0;

/** Builds it and tells what it has become. Throws if it cannot be built. */
export async function product(shop: Workshop, what: Product, store: string): Promise<string> {
  const [image, tar] = ['image', 'tar'].map((kind) => join(shop.path('out'), `product-${++count}-${kind}`)) as [
    string,
    string,
  ];
  try {
    const outputs = ['-o', `type=oci,dest=${image},rewrite-timestamp=true`, '-o', `type=tar,dest=${tar}`];
    await shop.expect([...buildArguments(shop, what), ...outputs], store);
    return `${await imageDigest(image)} with files ${await filesDigest(tar)}`;
  } finally {
    rmSync(image, { force: true });
    rmSync(tar, { force: true });
  }
}

/** Of an archive in the form of an OCI layout; also looks whether all blobs are what they are called. */
export async function imageDigest(archive: string): Promise<string> {
  const reader = new TarReader(createReadStream(archive));
  let digest = '';
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    if (entry.kind !== 'file') continue;
    const hash = createHash('sha256');
    const chunks: Uint8Array[] = [];
    for await (const chunk of reader.content()) {
      hash.update(chunk);
      if (entry.path === 'index.json') chunks.push(Buffer.from(chunk));
    }
    const actual = hash.digest('hex');
    if (entry.path.startsWith('blobs/sha256/') && !entry.path.endsWith(actual))
      return `an image with a broken blob ${entry.path}`;
    if (chunks.length > 0) digest = (JSON.parse(Buffer.concat(chunks).toString()) as Index).manifests[0]?.digest ?? '';
  }
  return digest;
}

interface Index {
  readonly manifests: readonly { readonly digest: string }[];
}

/** Over names, kinds, modes, owners and contents, not times. */
export async function filesDigest(archive: string): Promise<string> {
  const reader = new TarReader(createReadStream(archive));
  const all = createHash('sha256');
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const { path, kind, mode, uid, gid } = entry;
    const content = createHash('sha256');
    if (kind === 'file') for await (const chunk of reader.content()) content.update(chunk);
    all.update(
      JSON.stringify([path, kind, mode, uid, gid, 'target' in entry ? entry.target : '', content.digest('hex')]),
    );
  }
  return all.digest('hex');
}
