/** A name that no other process chooses: 16 hexadecimal digits. Others may guess it, so it is for directories of our own. */
export function randomName(): string {
  return [0, 0]
    .map(() =>
      Math.floor(Math.random() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    )
    .join('');
}
