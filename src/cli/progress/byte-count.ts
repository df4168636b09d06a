const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB', 'EB'];

/** A number of bytes as buildx prints it: `527B`, `3.41MB`; units are powers of 1000. */
export function formatByteCount(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < units.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${unit === 0 ? String(size) : size.toFixed(2)}${units[unit] ?? ''}`;
}

/** ` 1.20MB / 3.41MB`, ` 32B` if the total is not known, nothing before the first byte. */
export function formatTransfer({ current, total = 0 }: { readonly current: number; readonly total?: number }): string {
  if (total !== 0) return ` ${formatByteCount(current)} / ${formatByteCount(total)}`;
  return current === 0 ? '' : ` ${formatByteCount(current)}`;
}
