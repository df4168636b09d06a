import type { ContentStore } from '../../content/store.ts';
import type { GitOp, HttpOp } from '../../graph/source-op.ts';
import { HttpClient } from '../../registry/http-client.ts';
import type { SecretSource } from '../../ops/op-environment.ts';
import { fetchGit, type GitTree } from '../../source/git.ts';
import { fetchHttp, type HttpFile, type HttpSourceOptions } from '../../source/http.ts';
import { readUnpackLimits, type UnpackLimits } from '../../system/unpack-limits.ts';
import { httpOptions } from './http-options.ts';

export interface FetchingOptions {
  readonly content: ContentStore;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly secrets: SecretSource;
}

/** Fetches things from elsewhere, as the user. Making one throws KilnError `system/unpack-limit-value`. */
export class Fetching implements Disposable {
  readonly content: ContentStore;
  /** Of archives that are unpacked, and of what is downloaded. */
  readonly limits: UnpackLimits;
  readonly #options: FetchingOptions;
  #client: HttpClient | undefined;

  constructor(options: FetchingOptions) {
    this.content = options.content;
    this.limits = readUnpackLimits(options.env);
    this.#options = options;
  }

  client(): HttpClient {
    return (this.#client ??= new HttpClient(httpOptions(this.#options.env)));
  }

  /** Throws as {@link fetchHttp}. */
  http(op: HttpOp, options: Pick<HttpSourceOptions, 'signal' | 'onProgress'>): Promise<HttpFile> {
    return fetchHttp(op, { client: this.client(), store: this.content, limits: this.limits, ...options });
  }

  /** Throws as {@link fetchGit}. */
  git(op: GitOp, signal: AbortSignal): Promise<GitTree> {
    const { env, secrets } = this.#options;
    return fetchGit(op, {
      ...{ store: this.content, env, signal },
      ...{ agent: () => secrets.agent('default'), secret: secrets.secret },
    });
  }

  [Symbol.dispose](): void {
    this.#client?.[Symbol.dispose]();
  }
}
