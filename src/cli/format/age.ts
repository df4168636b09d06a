const units: readonly (readonly [name: string, ms: number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** How long ago something was, in words: `3 hours ago`. `ms` is how long. */
export function formatAge(ms: number): string {
  const [name, length] = units.find(([, unit]) => ms >= unit) ?? ['', 0];
  if (length === 0) return 'just now';
  const count = Math.floor(ms / length);
  return `${count} ${name}${count === 1 ? '' : 's'} ago`;
}
