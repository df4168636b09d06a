/**
 * The time in a header, in s since 1970; undefined if there is none.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  if (text === undefined || !/^[A-Za-z]{3,9},? /.test(text)) return undefined;
  // The form of asctime(3) is the one that does not name the zone, which is the same.
  const milliseconds = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
  return Number.isNaN(milliseconds) ? undefined : Math.floor(milliseconds / 1000);
}

/** The same as a header has it; `time` in s since 1970. */
export function formatHttpDate(time: number): string {
  return new Date(time * 1000).toUTCString();
}
