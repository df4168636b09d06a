import { expect, test } from 'vitest';
import { quote } from './quote.ts';

test.each([
  ['', '""'],
  ['a b~', '"a b~"'],
  ['"\\', '"\\"\\\\"'],
  ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\0\x7f', '"\\x00\\x7f"'],
  ['é世\u{1f600}', '"é世\u{1f600}"'],
  ['\u00a0\u200b', '"\\u00a0\\u200b"'],
  ['\u{10ffff}', '"\\U0010ffff"'],
  ['\udcff', '"\\xff"'],
  ['\ud800', '"\\ufffd"'],
])('%j is quoted as %s', (text, quoted) => {
  expect(quote(text)).toBe(quoted);
});
