const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'the name could not be looked up',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  EPIPE: 'connection closed',
  ETIMEDOUT: 'timed out',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
};

const unknownAuthority: ReadonlySet<string> = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
]);

/** No answer came, or only a part of one. Rooms make of it an error with a code of their own. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  /** Without credentials. */
  readonly url: string;
  /** Of the system or of TLS; empty if there is none. */
  readonly code: string;

  constructor(url: string, reason: string, options: { readonly cause?: unknown; readonly code?: string } = {}) {
    const shown = redactUrl(url);
    super(`${shown}: ${reason}`, { cause: options.cause });
    this.url = shown;
    this.code = options.code ?? '';
  }

  static from(url: string, cause: unknown): NetworkError {
    if (cause instanceof NetworkError) return cause;
    const inner = cause instanceof AggregateError ? (cause.errors as readonly unknown[])[0] : cause;
    const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
    const reason = reasons[code] ?? (inner instanceof Error ? inner.message.trim() : String(inner));
    return new NetworkError(url, reason, { cause, code });
  }

  /** The certificate may be fine, but who vouches for it is not known. */
  get isUnknownAuthority(): boolean {
    return unknownAuthority.has(this.code);
  }

  /** Whether it may be different in a moment: names that are not there, certificates and broken data do not change. */
  get mayPass(): boolean {
    const lasting = /^(?:ENOTFOUND|ECONNREFUSED|ENETUNREACH|CERT_|ERR_TLS|ERR_SSL|EPROTO|Z_)/;
    return this.code !== '' && !lasting.test(this.code) && !this.isUnknownAuthority;
  }

  /** The server does not speak TLS. */
  get isNotTls(): boolean {
    return this.code === 'EPROTO' || this.code === 'ERR_SSL_WRONG_VERSION_NUMBER';
  }
}

/** A URL fit to be shown: without user and password, and without the query, where signatures are. */
export function redactUrl(text: string): string {
  if (!URL.canParse(text)) return text;
  const url = new URL(text);
  url.username = '';
  url.password = '';
  url.search = '';
  return url.href;
}
