import { createHash, hash as hashAtOnce } from 'node:crypto';
import { lazy } from '../spec/lazy.ts';
import { fewBytes, sha256 } from '../spec/sha256.ts';
import { cLibrary } from './c-library.ts';
import { callAside } from './call-aside.ts';

/** Shorter ones are hashed at once: the way to another thread and back takes longer. Bytes. */
const short = 1 << 17;
/** Twice what OpenSSL keeps of a hash that is being made, in bytes. */
const stateSize = 224;
const digestSize = 32;

/** Bytes that {@link sha256Of} has hashed without `node:crypto`. */
let hashedHere = 0;
/** What hashes many bytes is there, so few bytes need not do without. */
let isPrepared = false;

/** Loads what hashes many bytes, at a time when nobody waits for it. */
export function prepareSha256(): void {
  openSsl();
  isPrepared = true;
}

/** The sha256 of some bytes, in hex. A process that hashes few of them does without `node:crypto`, which takes 10 ms to load. */
export function sha256Of(bytes: Uint8Array): string {
  if (isPrepared || hashedHere + bytes.length > fewBytes) return hashAtOnce('sha256', bytes, 'hex');
  hashedHere += bytes.length;
  return sha256(bytes);
}

/** How bytes are hashed; `state` is what there is of the hash so far. */
interface Hashing {
  readonly update: (state: Buffer, bytes: Uint8Array) => void;
  readonly updateAside: (state: Buffer, bytes: Uint8Array) => Promise<void>;
  readonly final: (state: Buffer) => string;
}

/** A hash that is being made. */
interface Begun {
  readonly state: Buffer;
  readonly hashing: Hashing;
}

/**
 * A sha256 of bytes that come bit by bit, many at a time on another thread. Node has none such, so this one is that of the
 * OpenSSL that Node brings along; where that is hidden, everything is hashed at once. Finding it takes 10 ms and more, so few
 * bytes do without.
 */
export class Sha256 {
  /** All bytes so far, as long as they are few. */
  #few: Buffer | undefined;
  #fewCount = 0;
  #begun: Begun | undefined;
  /** Done when all bytes so far are hashed. */
  #busy: Promise<void> | undefined;
  #digest: Promise<string> | undefined;

  /** Adds bytes, which must not change until the promise resolves; undefined if they are free already. */
  update(bytes: Uint8Array): Promise<void> | undefined {
    if (!this.#begun && !isPrepared && this.#fewCount + bytes.length <= fewBytes) {
      this.#few ??= Buffer.allocUnsafeSlow(fewBytes);
      this.#few.set(bytes, this.#fewCount);
      this.#fewCount += bytes.length;
      return undefined;
    }
    const begun = (this.#begun ??= this.#begin());
    if (!this.#busy && bytes.length < short) {
      begun.hashing.update(begun.state, bytes);
      return undefined;
    }
    const hashed = hashAside(begun, this.#busy, bytes).finally(() => {
      if (this.#busy === hashed) this.#busy = undefined;
    });
    // Who waits for it takes the error; until then nobody does.
    hashed.catch(() => undefined);
    this.#busy = hashed;
    return hashed;
  }

  /** Of all bytes, in hex. None may be added afterwards. */
  digest(): Promise<string> {
    this.#digest ??= this.#end();
    return this.#digest;
  }

  async #end(): Promise<string> {
    await this.#busy;
    return this.#begun ? this.#begun.hashing.final(this.#begun.state) : sha256(this.#fewSoFar());
  }

  #begin(): Begun {
    const state = Buffer.allocUnsafeSlow(stateSize);
    const begun = { state, hashing: startOpenSsl(state) ?? atOnce() };
    begun.hashing.update(state, this.#fewSoFar());
    this.#few = undefined;
    return begun;
  }

  #fewSoFar(): Uint8Array {
    return this.#few?.subarray(0, this.#fewCount) ?? new Uint8Array();
  }
}

async function hashAside(
  { state, hashing }: Begun,
  before: Promise<void> | undefined,
  bytes: Uint8Array,
): Promise<void> {
  await before;
  if (bytes.length < short) hashing.update(state, bytes);
  else await hashing.updateAside(state, bytes);
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
      updateAside: async (state, bytes) => {
        await callAside(update, state, bytes, bytes.length);
      },
      final: (state) => {
        const digest = Buffer.alloc(digestSize);
        final(digest, state);
        return digest.toString('hex');
      },
    },
  };
}
