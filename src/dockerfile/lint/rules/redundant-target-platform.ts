import type { Span } from '../../../diagnostic/source.ts';
import { ruleUrl, type Edit, type Rule } from '../rule.ts';

export const redundantTargetPlatform: Rule = {
  name: 'RedundantTargetPlatform',
  description: 'Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior',
  url: ruleUrl('redundant-target-platform'),
  on: {
    fromPlatform({ from: { platform, origin }, expansion, targetPlatform, isTarget }, report) {
      const { matched, unmatched, result } = expansion;
      if (matched.size !== 1 || unmatched.size > 0 || !matched.has('TARGETPLATFORM') || result !== targetPlatform)
        return;
      const message = `Setting platform to predefined ${platform.value} in FROM is redundant as this is the default behavior`;
      // More than the plain variable may be redundant for this platform only.
      const isPlain = platform.value === '$TARGETPLATFORM' || platform.value === '${TARGETPLATFORM}';
      const fix = isTarget && isPlain ? withoutFlag(platform.span) : undefined;
      report({ message, lines: origin.lines, span: platform.span, fix });
    },
  },
};

/** Removes the flag and the blanks behind it. */
function withoutFlag({ source, start, end }: Span): readonly Edit[] {
  const blanks = /^[ \t]*/.exec(source.text.slice(end))?.[0].length ?? 0;
  return [{ span: { source, start, end: end + blanks }, text: '' }];
}
