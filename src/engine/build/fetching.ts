import type { ContentStore } from '../../content/store.ts';
import { HttpClient } from '../../registry/http-client.ts';
import { httpOptions } from './http-options.ts';

/** What is needed to fetch things from elsewhere. */
export class Fetching implements Disposable {
  readonly content: ContentStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  #client: HttpClient | undefined;

  constructor(content: ContentStore, env: Fetching['env']) {
    this.content = content;
    this.env = env;
  }

  client(): HttpClient {
    return (this.#client ??= new HttpClient(httpOptions(this.env)));
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]();
  }
}
