import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const fromPlatformFlagConstDisallowed: Rule = {
  name: 'FromPlatformFlagConstDisallowed',
  description: 'FROM --platform flag should not use a constant value',
  url: ruleUrl('from-platform-flag-const-disallowed'),
  on: {
    fromPlatform({ from, expansion, platform }, report) {
      const { matched, unmatched, result } = expansion;
      if (!platform || matched.size > 0 || unmatched.size > 0) return;
      // A stage that says in its name what it is for means it.
      if (from.name.includes(platform.os) || from.name.includes(platform.architecture)) return;
      const message = `FROM --platform flag should not use constant value ${quote(result)}`;
      report({ message, lines: from.origin.lines, span: from.platform.span });
    },
  },
};
