import { createHash } from 'node:crypto';
import { lazy } from '../spec/lazy.ts';
import { cLibrary } from './c-library.ts';

/** Shorter ones are hashed at once: the way to another thread and back takes longer. Bytes. */
const short = 1 << 17;
/** Twice what OpenSSL keeps of a hash that is being made, in bytes. */
const stateSize = 224;
const digestSize = 32;

/** How bytes are hashed; `state` is what there is of the hash so far. */
interface Hashing {
  readonly update: (state: Buffer, bytes: Uint8Array) => void;
  readonly updateAside: (state: Buffer, bytes: Uint8Array) => Promise<void>;
  readonly final: (state: Buffer) => string;
}

/**
 * A sha256 of bytes that come bit by bit, many at a time on another thread. Node has none such, so this one is that of the
 * OpenSSL that Node brings along; where that is hidden, everything is hashed at once.
 */
export class Sha256 {
  readonly #state = Buffer.allocUnsafeSlow(stateSize);
  readonly #hashing = startOpenSsl(this.#state) ?? atOnce();
  /** Done when all bytes so far are hashed. */
  #busy: Promise<void> | undefined;
  #digest: Promise<string> | undefined;

  /** Adds bytes, which must not change until the promise resolves; undefined if they are free already. */
  update(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.#busy && bytes.length < short) {
      this.#hashing.update(this.#state, bytes);
      return undefined;
    }
    const hashed = this.#hashAside(this.#busy, bytes).finally(() => {
      if (this.#busy === hashed) this.#busy = undefined;
    });
    // Who waits for it takes the error; until then nobody does.
    hashed.catch(() => undefined);
    this.#busy = hashed;
    return hashed;
  }

  /** Of all bytes, in hex. None may be added afterwards. */
  digest(): Promise<string> {
    this.#digest ??= Promise.resolve(this.#busy).then(() => this.#hashing.final(this.#state));
    return this.#digest;
  }

  async #hashAside(before: Promise<void> | undefined, bytes: Uint8Array): Promise<void> {
    await before;
    if (bytes.length < short) this.#hashing.update(this.#state, bytes);
    else await this.#hashing.updateAside(this.#state, bytes);
  }
}

function atOnce(): Hashing {
  const hash = createHash('sha256');
  const update = (_state: Buffer, bytes: Uint8Array): void => {
    hash.update(bytes);
  };
  return {
    update,
    updateAside: (state, bytes) => {
      update(state, bytes);
      return Promise.resolve();
    },
    final: () => hash.digest('hex'),
  };
}

/** Undefined where it cannot be called. */
function startOpenSsl(state: Buffer): Hashing | undefined {
  const { hashing, init } = openSsl();
  init?.(state);
  return hashing;
}

interface OpenSsl {
  readonly hashing?: Hashing;
  readonly init?: (state: Buffer) => void;
}

const openSsl: () => OpenSsl = lazy(() => {
  try {
    const found = findOpenSsl();
    // Another library may have functions of these names.
    const state = Buffer.alloc(stateSize);
    const sample = Buffer.from('abc');
    found.init(state);
    found.hashing.update(state, sample);
    return found.hashing.final(state) === createHash('sha256').update(sample).digest('hex') ? found : {};
  } catch {
    return {};
  }
});

function findOpenSsl(): Required<OpenSsl> {
  const { symbols } = cLibrary();
  const init = symbols.func('int SHA256_Init(uint8_t *)');
  const update = symbols.func('int SHA256_Update(uint8_t *, const uint8_t *, size_t)');
  const final = symbols.func('int SHA256_Final(_Out_ uint8_t *, uint8_t *)');
  return {
    init: (state) => {
      init(state);
    },
    hashing: {
      update: (state, bytes) => {
        update(state, bytes, bytes.length);
      },
      updateAside: (state, bytes) =>
        new Promise((resolve, reject) => {
          update.async(state, bytes, bytes.length, (error: Error | null) => {
            if (error) reject(error);
            else resolve();
          });
        }),
      final: (state) => {
        const digest = Buffer.alloc(digestSize);
        final(digest, state);
        return digest.toString('hex');
      },
    },
  };
}
