import { quote } from '../../spec/quote.ts';
import type { Arguments, Instruction, Statement } from './ast.ts';

/**
 * An instruction as the S-expression that BuildKit's parser prints: `(copy ["--from=0"] "/a" "/b")`.
 *
 * @see https://github.com/moby/buildkit/tree/master/frontend/dockerfile/parser/testfiles
 */
export function dumpStatement(statement: Statement): string {
  // Triggers may nest deeply, so there is no recursion.
  const chain: Instruction[] = [statement];
  for (let last = chain.at(-1); last?.arguments.kind === 'trigger'; last = chain.at(-1)) {
    chain.push(last.arguments.instruction);
  }
  const innermost = chain.at(-1) ?? statement;
  const opening = chain.map((instruction) => `(${head(instruction)}`).join(' ');
  const args = dumpArguments(innermost.arguments);
  // An instruction without a word: a line that is nothing but an escape character.
  if (opening === '(') return `(${args.trimStart()})`;
  return opening + args + ')'.repeat(chain.length);
}

function head({ keyword, flags }: Instruction): string {
  const name = keyword.value.toLowerCase();
  return flags.length === 0 ? name : `${name} [${flags.map(({ value }) => quote(value)).join(' ')}]`;
}

function dumpArguments(args: Arguments): string {
  return argumentTexts(args)
    .map((text) => ` ${quote(text)}`)
    .join('');
}

/** BuildKit stores a pair as three words, the last of which tells the forms apart. */
function argumentTexts(args: Arguments): readonly string[] {
  switch (args.kind) {
    case 'none':
    case 'trigger':
      return [];
    case 'unknown':
      return [''];
    case 'text':
      return [args.text.value];
    case 'words':
      return args.words.map(({ value }) => value);
    case 'array':
      return args.items.map(({ value }) => value);
    case 'pairs':
      return args.pairs.flatMap(({ key, value, separator }) => [
        key.value,
        value?.value ?? '',
        separator === '=' ? '=' : '',
      ]);
    case 'probe':
      return [args.type.value, ...argumentTexts(args.command)];
  }
}
