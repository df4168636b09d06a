import { ruleUrl, type Rule } from '../rule.ts';

export const invalidDefinitionDescription: Rule = {
  name: 'InvalidDefinitionDescription',
  description:
    'Comment for build stage or argument should follow the format: `# <arg/stage name> <description>`. If this is not intended to be a description comment, add an empty line or comment between the instruction and the comment.',
  url: ruleUrl('invalid-definition-description'),
  isExperimental: true,
  on: {
    definition({ instruction, names, origin }, report) {
      const comment = origin.comments.at(-1);
      const [first] = names;
      if (!comment || first === undefined || names.includes(comment.value.split(' ', 1)[0] ?? '')) return;
      const name = names.length > 1 ? '<arg_key>' : first;
      const message = `Comment for ${instruction} should follow the format: \`# ${name} <description>\``;
      report({ message, lines: origin.lines, span: comment.span });
    },
  },
};
