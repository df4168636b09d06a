import type {
  Agent,
  IncomingHttpHeaders,
  IncomingMessage,
  request as requestBySocket,
  RequestOptions,
} from 'node:http';
import type { AgentOptions as SecureAgentOptions } from 'node:https';
import { isLoopback, isSameServer } from './endpoint.ts';
import { NetworkError } from './network-error.ts';
import { systemCertificates } from './system-certificates.ts';

export interface HttpClientOptions {
  /** Of the process: proxies are in it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly userAgent: string;
  /** How long nothing may arrive, in ms; 60 s if absent. */
  readonly idleTimeout?: number;
  /** Certificate authorities, PEM; absent: those of Node, then those of the system. */
  readonly certificates?: readonly string[];
}

export interface HttpRequest {
  readonly url: string;
  readonly method?: 'GET' | 'HEAD';
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** The body has to be read or destroyed by who gets it. */
export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Where it came from in the end. */
  readonly url: string;
  readonly body: IncomingMessage;
}

const mostRedirects = 10;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * Gets things by HTTP. Redirects are followed, without credentials where they lead elsewhere; any other status is for the
 * caller to judge. Connections are kept until it is closed, but they do not keep the process alive.
 */
export class HttpClient implements Disposable {
  readonly #options: HttpClientOptions;
  readonly #agents = new Map<string, Agent>();
  #withSystemCertificates = false;

  constructor(options: HttpClientOptions) {
    this.#options = options;
  }

  /** Throws a {@link NetworkError}, or the reason of the signal. */
  async request(request: HttpRequest): Promise<HttpResponse> {
    let { url, headers = {} } = request;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      request.signal?.throwIfAborted();
      const response = await this.#ask({ ...request, url, headers });
      const location = redirects.has(response.status) ? response.headers.location : undefined;
      if (location === undefined) return response;
      response.body.destroy();
      const next = resolveLocation(url, location);
      if (!isSameServer(new URL(url), next)) headers = withoutCredentials(headers);
      url = next.href;
    }
    throw new NetworkError(request.url, `stopped after ${mostRedirects} redirects`);
  }

  async #ask(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#send(request);
    } catch (error) {
      const mayHelp = error instanceof NetworkError && error.isUnknownAuthority && !this.#withSystemCertificates;
      if (!mayHelp || this.#options.certificates !== undefined) throw error;
      this.#withSystemCertificates = true;
      this.#closeAgents();
      return await this.#send(request);
    }
  }

  async #send({ url, method = 'GET', headers = {}, signal }: HttpRequest): Promise<HttpResponse> {
    const target = URL.canParse(url) ? new URL(url) : undefined;
    if (!target) throw new NetworkError(url, 'invalid URL');
    if (target.protocol !== 'http:' && target.protocol !== 'https:') {
      throw new NetworkError(url, `unsupported protocol scheme ${target.protocol.slice(0, -1)}`);
    }
    const { request } = await modules[target.protocol]();
    const agent = await this.#agent(target.protocol, isLoopback(target.hostname));
    const options: RequestOptions = {
      method,
      agent,
      headers: { 'user-agent': this.#options.userAgent, ...headers },
      ...(signal && { signal }),
    };
    const { promise, resolve, reject } = Promise.withResolvers<HttpResponse>();
    let incoming: IncomingMessage | undefined;
    const outgoing = request(target, options, (body) => {
      incoming = body;
      resolve({ status: body.statusCode ?? 0, headers: body.headers, url, body });
    });
    outgoing.setTimeout(this.#options.idleTimeout ?? 60_000, () => {
      (incoming ?? outgoing).destroy(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }));
    });
    outgoing.on('error', (cause) => {
      reject(signal?.aborted ? abortReason(signal, cause) : NetworkError.from(url, cause));
    });
    outgoing.end();
    return await promise;
  }

  /** @param isDirect past the proxies: what is meant for this machine is not for them, as Go has it */
  async #agent(protocol: 'http:' | 'https:', isDirect: boolean): Promise<Agent> {
    const key = `${protocol} ${isDirect}`;
    const found = this.#agents.get(key);
    if (found) return found;
    const { Agent } = await modules[protocol]();
    const certificates = this.#options.certificates ?? (this.#withSystemCertificates ? await systemCertificates() : []);
    const agent = new Agent({
      keepAlive: true,
      maxSockets: 16,
      // Known to Node 22.21 and 24.5; before, there are no proxies.
      ...(!isDirect && { proxyEnv: { ...this.#options.env } }),
      ...(certificates.length > 0 && { ca: [...certificates] }),
    });
    this.#agents.set(key, agent);
    return agent;
  }

  #closeAgents(): void {
    for (const agent of this.#agents.values()) agent.destroy();
    this.#agents.clear();
  }

  [Symbol.dispose](): void {
    this.#closeAgents();
  }
}

interface HttpModule {
  readonly request: typeof requestBySocket;
  readonly Agent: new (options: SecureAgentOptions) => Agent;
}

// Most builds need no network, and these take a while to load.
const modules: Readonly<Record<'http:' | 'https:', () => Promise<HttpModule>>> = {
  'http:': () => import('node:http'),
  'https:': () => import('node:https'),
};

function resolveLocation(url: string, location: string): URL {
  try {
    return new URL(location, url);
  } catch (cause) {
    throw new NetworkError(url, 'redirected to something that is no URL', { cause });
  }
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const secret = /^(?:authorization|cookie)$/i;
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !secret.test(name)));
}

function abortReason(signal: AbortSignal, cause: Error): Error {
  return signal.reason instanceof Error ? signal.reason : cause;
}
