import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const consistentInstructionCasing: Rule = {
  name: 'ConsistentInstructionCasing',
  description: 'All commands within the Dockerfile should use the same casing (either upper or lower)',
  url: ruleUrl('consistent-instruction-casing'),
  on: {
    stages({ stages }, report) {
      const origins = stages.flatMap(({ from, commands }) => [from.origin, ...commands.map(({ origin }) => origin)]);
      const lower = origins.filter(({ keyword: { value } }) => value === value.toLowerCase()).length;
      const upper = origins.filter(({ keyword: { value } }) => value === value.toUpperCase()).length;
      const isLower = lower > upper;
      for (const { keyword, lines } of origins) {
        const wanted = isLower ? keyword.value.toLowerCase() : keyword.value.toUpperCase();
        if (keyword.value === wanted) continue;
        const casing = isLower ? 'lowercase' : 'uppercase';
        report({
          message: `Command '${keyword.value}' should match the case of the command majority (${casing})`,
          lines,
          span: keyword.span,
          fix: replaceWord(keyword, wanted),
        });
      }
    },
  },
};
