import { KilnError } from '../diagnostic/kiln-error.ts';
import type { HttpResponse } from '../registry/http-client.ts';
import { NetworkError, redactUrl } from '../registry/network-error.ts';
import { HttpAttempts } from './http-attempts.ts';
import type { PartialFile, SaveOptions } from './http-file.ts';
import { parseHttpDate } from './http-date.ts';

export interface DownloadOptions extends SaveOptions {
  /** Asks the server, for the rest of a file if there are headers that say so. */
  readonly ask: (range: Readonly<Record<string, string>> | undefined) => Promise<HttpResponse>;
  /** How long to wait before trying again, in ms, doubled each time. */
  readonly backoff: number;
}

/**
 * Downloads to a file. A server that is busy is asked again; a connection that breaks is taken up again where it broke, if the
 * server can tell that the file is still the same. Gives the answer that the file is the content of, or one of status 304.
 *
 * Throws a `NetworkError`, KilnError `source/http-status`, and as {@link PartialFile.append}.
 */
export async function downloadTo(file: PartialFile, options: DownloadOptions): Promise<HttpResponse> {
  const attempts = new HttpAttempts(options.backoff, options.signal);
  let begun: HttpResponse | undefined;
  for (;;) {
    const range = begun && file.size > 0 ? rangeHeaders(begun, file.size) : undefined;
    const answer = await options.ask(range).catch(asNetworkError);
    let outcome = answer;
    if (!(answer instanceof NetworkError) && answer.status >= 200 && answer.status < 300) {
      const goesOn = answer.status === 206 && range !== undefined && continues(answer, file.size);
      if (!goesOn) await file.restart();
      const source = goesOn && begun ? begun : answer;
      const failure = await file.append(answer, options).catch(asNetworkError);
      if (!failure) return source;
      begun = source;
      outcome = failure;
    } else if (!(answer instanceof NetworkError)) {
      answer.body.destroy();
      if (answer.status === 304 && range === undefined) return answer;
      if (!HttpAttempts.isPassing(answer) && !(answer.status === 416 && range)) throw wrongStatus(answer);
      // What is there cannot be continued, so the next attempt is not to ask for it.
      if (answer.status === 416) begun = undefined;
    }
    if (await attempts.again(outcome, file.size)) continue;
    throw outcome instanceof NetworkError ? outcome : wrongStatus(outcome);
  }
}

/** The error for an answer that is of no use. */
export function wrongStatus({ status, url }: HttpResponse): KilnError {
  return new KilnError('source/http-status', `invalid response status ${status}`, {
    hint: `${redactUrl(url)} cannot be had`,
  });
}

/**
 * What asks for the rest of the same file; undefined if the server cannot know whether it is the same. What was packed for the
 * way cannot be continued.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-13.1.5
 */
function rangeHeaders({ headers, status }: HttpResponse, from: number): Readonly<Record<string, string>> | undefined {
  if (status !== 200 || headers['content-encoding'] !== undefined) return undefined;
  const { etag, 'last-modified': time } = headers;
  const validator = etag === undefined ? time : etag;
  const isStrong = etag === undefined ? parseHttpDate(time) !== undefined : etag.startsWith('"');
  return validator !== undefined && isStrong ? { range: `bytes=${from}-`, 'if-range': validator } : undefined;
}

/** Whether an answer begins where the last one ended. */
function continues({ headers }: HttpResponse, at: number): boolean {
  return headers['content-encoding'] === undefined && (headers['content-range'] ?? '').startsWith(`bytes ${at}-`);
}

function asNetworkError(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  throw error;
}
