/** More bytes than that are better given to `node:crypto`, which takes 10 to 15 ms to load and is then faster. */
export const fewBytes = 1 << 14;

/**
 * The hexadecimal sha256 of some bytes, of few above all: see {@link fewBytes}.
 *
 * @see https://doi.org/10.6028/NIST.FIPS.180-4 section 6.2
 */
export function sha256(bytes: Uint8Array): string {
  const { length } = bytes;
  // A bit, zeros up to a multiple of 64 bytes, and the length in bits.
  const padded = new Uint8Array((length + 72) & ~63);
  padded.set(bytes);
  padded[length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(length) * 8n);
  const state = initialState.slice();
  for (let at = 0; at < padded.length; at += 64) addBlock(state, view, at);
  let hex = '';
  for (const word of state) hex += (word >>> 0).toString(16).padStart(8, '0');
  return hex;
}

const { initialState, roundConstants } = constants();
const schedule = new Int32Array(64);

function addBlock(state: Int32Array, view: DataView, at: number): void {
  const [w, k] = [schedule, roundConstants];
  for (let t = 0; t < 16; t++) w[t] = view.getInt32(at + 4 * t);
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] ?? 0;
    const y = w[t - 2] ?? 0;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[t] = s1 + (w[t - 7] ?? 0) + s0 + (w[t - 16] ?? 0);
  }
  let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
  for (let t = 0; t < 64; t++) {
    const sum1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + sum1 + ((e & f) ^ (~e & g)) + (k[t] ?? 0) + (w[t] ?? 0)) | 0;
    const sum0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = sum0 + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  const sums = [a, b, c, d, e, f, g, h];
  for (let index = 0; index < 8; index++) state[index] = (state[index] ?? 0) + (sums[index] ?? 0);
}

/** The fractional parts of the roots of the first primes: 32 bits of square roots of 8, and of cube roots of 64. */
function constants(): { readonly initialState: Int32Array; readonly roundConstants: Int32Array } {
  const primes: number[] = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const bits = (root: number) => (root - Math.floor(root)) * 2 ** 32;
  return {
    initialState: Int32Array.from(primes.slice(0, 8), (prime) => bits(Math.sqrt(prime))),
    roundConstants: Int32Array.from(primes, (prime) => bits(Math.cbrt(prime))),
  };
}
