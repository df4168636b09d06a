/** The polynomial of CRC-32 (RFC 1952, section 8), the coefficient of the highest power in the lowest bit, and the power 0. */
const polynomial = 0xedb88320;
const one = 0x80000000;
/** x to the power of 8 times 2 to the power of the index: what it is multiplied with when so many bytes follow. */
const powers = [one >>> 8];

/**
 * The CRC-32 of two pieces of bytes, one behind the other, of which each is known.
 *
 * @param length of the second one, in bytes
 */
export function joinCrc32(first: number, second: number, length: number): number {
  let shifted = first;
  for (let left = length, bit = 0; left > 0; left = Math.floor(left / 2), bit++) {
    if (left % 2 === 1) shifted = multiply(shifted, power(bit));
  }
  return (shifted ^ second) >>> 0;
}

function power(bit: number): number {
  for (let last; powers.length <= bit; powers.push(multiply(last, last))) last = powers.at(-1) ?? one;
  return powers[bit] ?? one;
}

/** The product of two polynomials, modulo that of CRC-32. */
function multiply(a: number, b: number): number {
  let product = 0;
  for (let [bit, shifted] = [one, b]; bit !== 0; bit >>>= 1) {
    if ((a & bit) !== 0) product ^= shifted;
    shifted = (shifted & 1) === 0 ? shifted >>> 1 : (shifted >>> 1) ^ polynomial;
  }
  return product;
}
