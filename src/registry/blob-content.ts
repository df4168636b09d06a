import { createHash } from 'node:crypto';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { digestAlgorithm } from '../spec/digest.ts';
import type { Digest } from '../spec/digest.ts';
import { formatReference } from '../spec/reference.ts';
import type { Reference } from '../spec/reference.ts';
import type { HttpResponse } from './http-client.ts';
import { NetworkError } from './network-error.ts';
import type { RegistryClient } from './registry-client.ts';

export interface BlobRequest {
  readonly client: RegistryClient;
  /** Whose repository the blob is in. */
  readonly reference: Reference;
  readonly blob: { readonly digest: Digest; readonly size: number };
  readonly signal?: AbortSignal | undefined;
}

const mostResumptions = 5;
/** What every broken connection must have brought on average, in bytes, for the download to go on after {@link mostBroken}. */
const leastGain = 2 ** 20;
const mostBroken = 20;

/**
 * The content of a blob, checked: it ends only if size and digest are right. A connection that breaks is taken up again
 * where it broke.
 *
 * Throws KilnError `registry/blob-missing`, `registry/blob-corrupt`, and as {@link RegistryClient.request}.
 */
export async function* blobContent(request: BlobRequest): AsyncGenerator<Uint8Array, void, void> {
  const { blob, signal } = request;
  const hash = createHash(digestAlgorithm(blob.digest));
  let received = 0;
  let brokenConnections = 0;
  for (let failures = 0; received < blob.size || failures === 0;) {
    const before = received;
    const response = await open(request, received);
    let skip = response.status === 206 ? 0 : received;
    try {
      for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
        const fresh = skip > 0 ? chunk.subarray(skip) : chunk;
        skip -= chunk.length - fresh.length;
        received += fresh.length;
        if (received > blob.size) throw corrupt(request, `it is longer than ${blob.size} bytes`);
        hash.update(fresh);
        if (fresh.length > 0) yield fresh;
      }
      if (received < blob.size) {
        if (isComplete(response)) throw corrupt(request, `it has only ${received} bytes of ${blob.size}`);
        throw new NetworkError(response.url, 'the answer ended early');
      }
      break;
    } catch (error) {
      if (error instanceof KilnError || signal?.aborted) throw error;
      // Progress starts the count anew: a long download may break often.
      failures = received > before ? 1 : failures + 1;
      const failure = NetworkError.from(response.url, error);
      const isTooSlow = ++brokenConnections > mostBroken + received / leastGain;
      if (failures > mostResumptions || isTooSlow) throw broken(request, failure);
      await request.client.pause(failures, failure, signal);
    } finally {
      response.body.destroy();
    }
  }
  const digest = `${digestAlgorithm(blob.digest)}:${hash.digest('hex')}`;
  if (digest !== blob.digest) throw corrupt(request, `its digest is ${digest}`);
}

async function open({ client, reference, blob, signal }: BlobRequest, from: number): Promise<HttpResponse> {
  const response = await client.request({
    reference,
    path: `blobs/${blob.digest}`,
    headers: { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) },
    signal,
  });
  if (response.status === 200 || response.status === 206) return response;
  response.body.destroy();
  if (response.status === 416 && from > 0) return await open({ client, reference, blob, signal }, 0);
  throw new KilnError('registry/blob-missing', `${formatReference(reference)}: ${blob.digest}: not found`, {
    hint: 'the registry has the image, but not all of its parts',
  });
}

/** Whether the server said where all of the blob ends, and there it ended; if not, the connection may have broken. */
function isComplete({ status, headers, body }: HttpResponse): boolean {
  const isFramed = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
  return status === 200 && isFramed && body.complete;
}

function corrupt({ reference, blob }: BlobRequest, reason: string): KilnError {
  const message = `${formatReference(reference)}: the registry sent a wrong blob for ${blob.digest}: ${reason}`;
  return new KilnError('registry/blob-corrupt', message);
}

function broken({ reference, blob }: BlobRequest, cause: NetworkError): KilnError {
  const message = `${formatReference(reference)}: failed to download ${blob.digest}: ${cause.message}`;
  return new KilnError('registry/unreachable', message, { cause });
}
