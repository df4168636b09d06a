import { lastTextLine } from '../../parser/text-lines.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const noEmptyContinuation: Rule = {
  name: 'NoEmptyContinuation',
  description: 'Empty continuation lines will become errors in a future release',
  url: ruleUrl('no-empty-continuation'),
  on: {
    blankLines({ statement }, report) {
      const last = lastTextLine(statement);
      const { source } = statement.span;
      const spans = statement.blankLines.map((line) => ({
        source,
        start: source.lineStart(line),
        end: source.lineStart(line + 1),
      }));
      report({
        message: 'Empty continuation line',
        lines: [last, last],
        span: spans[0] ?? statement.span,
        fix: spans.map((span) => ({ span, text: '' })),
      });
    },
  },
};
