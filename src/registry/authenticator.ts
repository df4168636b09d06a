import { KilnError, type KilnErrorOptions } from '../diagnostic/kiln-error.ts';
import { parseChallenges } from './challenge.ts';
import type { Challenge } from './challenge.ts';
import type { Credentials, CredentialSource } from './docker-credentials.ts';
import { isSameServer, registryEndpoints } from './endpoint.ts';
import type { HttpClient, HttpResponse } from './http-client.ts';
import { readAll } from './read-all.ts';

/** Whose repository, and what is to be done there. */
export interface Scope {
  /** As in references. */
  readonly domain: string;
  readonly repository: string;
  readonly actions: 'pull' | 'pull,push';
}

interface Ticket {
  readonly header: string;
  /** ms since 1970 */
  readonly expires: number;
}

const mostTokenBytes = 1 << 20;

/** Knows what to say to registries that ask who one is, and remembers it. */
export class Authenticator {
  readonly #client: HttpClient;
  readonly #credentials: CredentialSource;
  readonly #tickets = new Map<string, Ticket>();

  constructor(client: HttpClient, credentials: CredentialSource) {
    this.#client = client;
    this.#credentials = credentials;
  }

  /** The `Authorization` header that did last time; undefined if there was none. */
  header(scope: Scope): string | undefined {
    const ticket = this.#tickets.get(keyOf(scope));
    return ticket && ticket.expires > Date.now() ? ticket.header : undefined;
  }

  /**
   * The `Authorization` header that answers the challenge in a response; undefined if there is no challenge, or no answer.
   *
   * Throws KilnError `registry/unauthorized`, or a `NetworkError`.
   */
  async answer(
    scope: Scope,
    { headers: { 'www-authenticate': challenge }, url }: Pick<HttpResponse, 'headers' | 'url'>,
    signal?: AbortSignal,
  ): Promise<string | undefined> {
    if (challenge === undefined) return undefined;
    // Where one is sent to could name any service and ask for the password there.
    if (!isRegistry(scope, url)) {
      throw refused(scope, `it redirects to ${new URL(url).host}, which wants a login of its own`);
    }
    const credentials = await this.#credentials(scope.domain);
    for (const { scheme, parameters } of parseChallenges(challenge)) {
      const ticket =
        scheme === 'bearer'
          ? await this.#askForToken(scope, parameters, credentials, signal)
          : scheme === 'basic' && credentials
            ? { header: basic(credentials), expires: Infinity }
            : undefined;
      if (!ticket) continue;
      this.#tickets.set(keyOf(scope), ticket);
      return ticket.header;
    }
    return undefined;
  }

  /** @see https://distribution.github.io/distribution/spec/auth/token/ */
  async #askForToken(
    scope: Scope,
    parameters: Challenge['parameters'],
    credentials: Credentials | undefined,
    signal: AbortSignal | undefined,
  ): Promise<Ticket> {
    const realm = parameters.get('realm') ?? '';
    if (!URL.canParse(realm)) throw refused(scope, 'the registry names no service that gives tokens');
    const url = new URL(realm);
    const service = parameters.get('service');
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', parameters.get('scope') ?? `repository:${scope.repository}:${scope.actions}`);
    if (credentials && !mayKnow(scope, url)) {
      const reason = `it wants the password to be sent to ${url.protocol}//${url.host}, without encryption`;
      throw refused(scope, reason, {
        hint: `tokens have to come from an https address; without a password: docker logout ${scope.domain}`,
      });
    }
    const response = await this.#client.request({
      url: url.href,
      headers: { accept: 'application/json', ...(credentials && { authorization: basic(credentials) }) },
      signal,
    });
    const answered = new URL(response.url);
    if (credentials && !isSameServer(url, answered)) {
      response.body.destroy();
      throw refused(
        scope,
        `the token service ${url.host} redirects to ${answered.origin}, which is not told the password`,
      );
    }
    const bytes = await readAll(response.body, url.href, mostTokenBytes);
    if (response.status !== 200) throw refused(scope, `the token service ${answered.host} answered ${response.status}`);
    return readTicket(scope, bytes);
  }
}

/** Whether it is the registry itself that answers, and nobody it redirects to. */
function isRegistry({ domain }: Scope, url: string): boolean {
  return registryEndpoints(domain).some((address) => isSameServer(new URL(address), new URL(url)));
}

/**
 * The registry says who is told the password, as for other clients: it could pass it on itself. But whoever listens must not
 * learn it: without encryption, only this machine is told, if it is the registry.
 */
function mayKnow({ domain }: Scope, url: URL): boolean {
  return url.protocol === 'https:' || registryEndpoints(domain).some((address) => isSameMachine(new URL(address), url));
}

function isSameMachine(registry: URL, { hostname, protocol }: URL): boolean {
  return registry.protocol === protocol && registry.hostname === hostname;
}

function readTicket(scope: Scope, bytes: Uint8Array): Ticket {
  try {
    const answer = JSON.parse(new TextDecoder().decode(bytes)) as Readonly<Record<string, unknown>>;
    const token = answer['token'] ?? answer['access_token'];
    if (typeof token !== 'string' || !/^[\x21-\x7e]+$/.test(token)) throw new TypeError('no token');
    const lifetime = typeof answer['expires_in'] === 'number' ? answer['expires_in'] : 60;
    // A token that ends during a request helps nobody.
    return { header: `Bearer ${token}`, expires: Date.now() + Math.max(lifetime - 10, 5) * 1000 };
  } catch (cause) {
    throw refused(scope, 'the token service gave no token', { cause });
  }
}

function refused({ domain, repository }: Scope, reason: string, options: KilnErrorOptions = {}): KilnError {
  return new KilnError('registry/unauthorized', `no access to ${domain}/${repository}: ${reason}`, options);
}

function basic({ username, password }: Credentials): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function keyOf({ domain, repository, actions }: Scope): string {
  return `${domain} ${repository} ${actions}`;
}
