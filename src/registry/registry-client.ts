import { setTimeout as wait } from 'node:timers/promises';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { formatReference } from '../spec/reference.ts';
import type { Reference } from '../spec/reference.ts';
import { Authenticator } from './authenticator.ts';
import type { Scope } from './authenticator.ts';
import { anonymous } from './docker-credentials.ts';
import type { CredentialSource } from './docker-credentials.ts';
import { registryEndpoints } from './endpoint.ts';
import { HttpClient } from './http-client.ts';
import type { HttpClientOptions, HttpResponse } from './http-client.ts';
import { NetworkError } from './network-error.ts';
import { readAll } from './read-all.ts';

export interface RegistryClientOptions extends HttpClientOptions {
  /** Absent: one is nobody everywhere. */
  readonly credentials?: CredentialSource;
  /** How long to wait before trying again, in ms, doubled each time; 500 if absent. */
  readonly backoff?: number;
}

export interface RegistryRequest {
  readonly reference: Reference;
  /** Behind the repository: `manifests/latest`. */
  readonly path: string;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

const mostAttempts = 5;
const longestWait = 30_000;
const passing: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Talks to registries: finds out how they want to be talked to, says who one is, tries again what may pass.
 * Closing it closes its connections.
 */
export class RegistryClient implements Disposable {
  readonly #client: HttpClient;
  readonly #authenticator: Authenticator;
  readonly #backoff: number;
  /** By domain: the address that answered. */
  readonly #addresses = new Map<string, string>();

  constructor(options: RegistryClientOptions) {
    this.#client = new HttpClient(options);
    this.#authenticator = new Authenticator(this.#client, options.credentials ?? anonymous);
    this.#backoff = options.backoff ?? 500;
  }

  /**
   * An answer that is final: what was asked for, or that it is not there (404), or that a range cannot be had (416).
   *
   * Throws KilnError `registry/unreachable`, `registry/unauthorized`, `registry/failed`.
   */
  async request(request: RegistryRequest): Promise<HttpResponse> {
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(request);
      const isPassing = outcome instanceof NetworkError ? outcome.mayPass : passing.has(outcome.status);
      if (!isPassing || attempt === mostAttempts) return await this.#judge(request, outcome);
      await this.pause(attempt, outcome, request.signal);
    }
  }

  /** Waits before the next attempt, as long as the server asks for, or longer each time. `attempt` is 1-based. */
  async pause(attempt: number, outcome: HttpResponse | NetworkError, signal: AbortSignal | undefined): Promise<void> {
    let delay = this.#backoff * 2 ** (attempt - 1);
    if (!(outcome instanceof NetworkError)) {
      outcome.body.destroy();
      const seconds = Number(outcome.headers['retry-after']);
      if (seconds > 0) delay = seconds * 1000;
    }
    await wait(Math.min(delay, longestWait), undefined, signal ? { signal } : {});
  }

  async #attempt(request: RegistryRequest): Promise<HttpResponse | NetworkError> {
    try {
      return await this.#authorized(request);
    } catch (error) {
      if (error instanceof NetworkError) return error;
      throw error;
    }
  }

  async #authorized(request: RegistryRequest): Promise<HttpResponse> {
    const { domain, path: repository } = request.reference;
    const scope: Scope = { domain, repository, actions: 'pull' };
    const response = await this.#send(request, this.#authenticator.header(scope));
    if (response.status !== 401) return response;
    const header = await this.#authenticator.answer(scope, response, request.signal).catch((error: unknown) => {
      response.body.destroy();
      throw error;
    });
    if (header === undefined) return response;
    response.body.destroy();
    return await this.#send(request, header);
  }

  async #send(request: RegistryRequest, authorization: string | undefined): Promise<HttpResponse> {
    const { domain } = request.reference;
    const known = this.#addresses.get(domain);
    if (known !== undefined) return await this.#sendTo(known, request, authorization);
    const [first, ...others] = registryEndpoints(domain);
    const answer = await this.#sendTo(first, request, authorization).catch((error: unknown) => asNetworkError(error));
    if (others.length > 0 && wantsTls(answer)) {
      for (const address of others) {
        const other = await this.#sendTo(address, request, authorization).catch((error: unknown) =>
          asNetworkError(error),
        );
        if (other instanceof NetworkError && other.isNotTls) continue;
        if (!(answer instanceof NetworkError)) answer.body.destroy();
        if (other instanceof NetworkError) throw other;
        this.#addresses.set(domain, address);
        return other;
      }
    }
    if (answer instanceof NetworkError) throw answer;
    this.#addresses.set(domain, first);
    return answer;
  }

  async #sendTo(address: string, request: RegistryRequest, authorization: string | undefined): Promise<HttpResponse> {
    const { reference, path, method, headers, signal } = request;
    return await this.#client.request({
      url: `${address}/v2/${reference.path}/${path}`,
      ...(method && { method }),
      headers: { ...headers, ...(authorization !== undefined && { authorization }) },
      signal,
    });
  }

  async #judge(request: RegistryRequest, outcome: HttpResponse | NetworkError): Promise<HttpResponse> {
    const name = formatReference(request.reference);
    if (outcome instanceof NetworkError) {
      throw new KilnError('registry/unreachable', `${name}: the registry does not answer: ${outcome.message}`, {
        hint: 'is there a connection to the network, and is a proxy needed (HTTPS_PROXY)?',
        cause: outcome,
      });
    }
    const { status, url, body } = outcome;
    if ((status >= 200 && status < 300) || status === 404 || status === 416) return outcome;
    const details = await readAll(body, url, 1 << 16).then(serverMessage, () => '');
    if (status === 401 || status === 403) {
      const reason = 'pull access denied, repository does not exist or may require authorization';
      throw new KilnError('registry/unauthorized', `${name}: ${reason}${details}`, {
        hint: `is the name right? if so: docker login ${request.reference.domain}`,
      });
    }
    throw new KilnError('registry/failed', `${name}: ${new URL(url).host} answered ${status}${details}`, {
      hint: status === 429 ? 'the registry limits how much one may pull; wait, or log in' : undefined,
    });
  }

  [Symbol.dispose](): void {
    this.#client[Symbol.dispose]();
  }
}

/** How servers that speak TLS answer who does not. */
function wantsTls(answer: HttpResponse | NetworkError): boolean {
  return answer instanceof NetworkError ? /^(?:ECONNRESET|EPIPE|HPE_)/.test(answer.code) : answer.status === 400;
}

function asNetworkError(error: unknown): NetworkError {
  if (error instanceof NetworkError) return error;
  throw error;
}

/** @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#error-codes */
function serverMessage(bytes: Uint8Array): string {
  try {
    const { errors } = JSON.parse(new TextDecoder().decode(bytes)) as {
      errors?: { code?: string; message?: string }[];
    };
    const [first] = errors ?? [];
    const text = [first?.code, first?.message].filter((part) => typeof part === 'string' && part !== '').join(': ');
    return text === '' ? '' : `: ${text.slice(0, 500)}`;
  } catch {
    return '';
  }
}
