const unprintable = /[\x00-\x08\x0a-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff]/gu;

/**
 * A line of somebody's file as a terminal may show it: control characters, which could move the cursor or hide text, become
 * the pictures that Unicode has for them, others U+FFFD. One character for one, so that columns stay. Tabs stay.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : '\ufffd';
  });
}

/** Any text that is printed: as {@link printable}, but lines stay lines. */
export function printableText(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
