import { quote } from '../../spec/quote.ts';
import type { Span } from '../../diagnostic/source.ts';
import { problem, type LineRange, type Problem } from '../problem.ts';
import type { Instruction } from './ast.ts';

/** What is wrong with the form of an instruction: BuildKit finds it while parsing, before it knows what anything means. */
export function formProblems(
  instruction: Instruction,
  misformedArrays: readonly Span[],
  lines: LineRange,
): readonly Problem[] {
  const { name, arguments: args } = innermost(instruction);
  if (args.kind === 'pairs') {
    const command = (name ?? '').toUpperCase();
    const [first, ...others] = args.pairs;
    if (first?.separator === undefined && first) {
      const hint = `write ${command} ${first.key.value}=<value>`;
      return [
        problem('pair-without-value', `${command} must have two arguments`, { span: first.key.span, lines, hint }),
      ];
    }
    const bare = others.find(({ separator }) => separator === undefined);
    if (bare) {
      const message = `Syntax error - can't find = in ${quote(bare.key.value)}. Must be of the form: name=value`;
      const hint = 'quote a value that has spaces: name="two words"';
      return [problem('pair-without-equals', message, { span: bare.key.span, lines, hint })];
    }
  }
  return misformedArrays.map((span) => {
    const message = 'when using JSON array syntax, arrays must be comprised of strings only';
    return problem('array-of-others', message, { span, lines, hint: 'put every element in double quotes' });
  });
}

function innermost(instruction: Instruction): Instruction {
  let inner = instruction;
  while (inner.arguments.kind === 'trigger') inner = inner.arguments.instruction;
  return inner;
}
