import type { KeyValue } from '../../instructions/command.ts';
import { spaceClass } from '../../lexer/whitespace.ts';
import { ruleUrl, type Edit, type Rule } from '../rule.ts';

const space = new RegExp(`[${spaceClass}]`);

export const legacyKeyValueFormat: Rule = {
  name: 'LegacyKeyValueFormat',
  description: 'Legacy key/value format with whitespace separator should not be used',
  url: ruleUrl('legacy-key-value-format'),
  on: {
    pair({ command: { origin }, pair }, report) {
      if (!pair.legacy) return;
      const name = origin.keyword.value;
      const message = `"${name} key=value" should be used instead of legacy "${name} key value" format`;
      report({ message, lines: origin.lines, span: pair.key.span, fix: modernized(pair) });
    },
  },
};

/**
 * `KEY a b` to `KEY="a b"`. Only where the value means the same in quotes: quotes and escapes in it would not, and a byte
 * order mark at the beginning would be kept.
 */
function modernized({ key, value }: KeyValue): readonly Edit[] | undefined {
  const { source } = key.span;
  const isPlainKey = /^[A-Za-z_][\w.-]*$/.test(key.value);
  const gap = source.text.slice(key.span.end, value.span.start);
  if (!isPlainKey || /^\ufeff|["'\\`]/.test(value.value) || value.value === '' || !/^[ \t]+$/.test(gap))
    return undefined;
  const mark = space.test(value.value) ? '"' : '';
  return [
    { span: { source, start: key.span.end, end: value.span.start }, text: `=${mark}` },
    ...(mark === '' ? [] : [{ span: { source, start: value.span.end, end: value.span.end }, text: mark }]),
  ];
}
