import { quote } from '../../spec/quote.ts';
import { usage } from '../hints.ts';
import type { Statement } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import { isStageName } from '../values/stage-name.ts';
import { argumentWords } from './arguments.ts';
import type { From } from './command.ts';
import { parseFlags } from './flags.ts';
import { descriptionOf, originOf } from './origin.ts';

/** Throws ProblemError `argument-count`, `stage-name`, or those of flags. */
export function parseFrom(statement: Statement): From {
  const [base, keyword, name] = argumentWords(statement);
  const as = keyword && name && { keyword, name };
  if (!base || !hasForm(statement)) {
    const place = { span: statement.keyword.span, lines: statement.lines, hint: usage.from };
    fail('argument-count', 'FROM requires either one or three arguments', place);
  }
  const lower = as ? as.name.value.toLowerCase() : '';
  if (as && !isStageName(lower)) {
    const message = `invalid name for build stage: ${quote(as.name.value)}, name can't start with a number or contain symbols`;
    fail('stage-name', message, {
      span: as.name.span,
      lines: statement.lines,
      hint: 'use letters, digits, - _ . and begin with a letter',
    });
  }
  const flags = parseFlags(statement, { platform: 'string' });
  const description = descriptionOf(lower, statement.comments);
  return {
    kind: 'from',
    origin: originOf(statement),
    base,
    name: lower,
    as,
    platform: flags.string('platform'),
    description,
  };
}

function hasForm(statement: Statement): boolean {
  const [, as, , ...others] = argumentWords(statement);
  const count = argumentWords(statement).length;
  return count === 1 || (count === 3 && others.length === 0 && as?.value.toLowerCase() === 'as');
}
