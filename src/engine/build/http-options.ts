import type { HttpClientOptions } from '../../registry/http-client.ts';

/** How Kiln presents itself to servers, and which proxies it uses. */
export function httpOptions(env: HttpClientOptions['env']): HttpClientOptions {
  return { env, userAgent: 'kiln' };
}
