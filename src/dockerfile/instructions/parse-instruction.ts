import { didYouMean, suggestAnyCase } from '../../diagnostic/suggest.ts';
import { instructionNames, type InstructionName, type Statement } from '../parser/ast.ts';
import { fail } from '../problem.ts';
import type { Command, From } from './command.ts';
import { parseFrom } from './from.ts';
import { parseHealthcheck } from './healthcheck.ts';
import * as metadata from './metadata.ts';
import { parseRun } from './run.ts';
import { parseAdd, parseCopy } from './transfer.ts';

const parsers: Readonly<Record<InstructionName, (statement: Statement) => Command | From>> = {
  add: parseAdd,
  arg: metadata.parseArg,
  cmd: metadata.parseCmd,
  copy: parseCopy,
  entrypoint: metadata.parseEntrypoint,
  env: metadata.parseEnv,
  expose: metadata.parseExpose,
  from: parseFrom,
  healthcheck: parseHealthcheck,
  label: metadata.parseLabel,
  maintainer: metadata.parseMaintainer,
  onbuild: metadata.parseOnbuild,
  run: parseRun,
  shell: metadata.parseShell,
  stopsignal: metadata.parseStopsignal,
  user: metadata.parseUser,
  volume: metadata.parseVolume,
  workdir: metadata.parseWorkdir,
};

/** The typed form of an instruction. Throws ProblemError for the first mistake in it. */
export function parseInstruction(statement: Statement): Command | From {
  if (statement.name !== undefined) return parsers[statement.name](statement);
  const { value, span } = statement.keyword;
  const names = instructionNames.map((name) => name.toUpperCase());
  const meant = suggestAnyCase(value, names);
  const hint = meant === undefined ? hintFor(statement) : undefined;
  return fail('unknown-instruction', `unknown instruction: ${value}${didYouMean(meant)}`, {
    span,
    lines: statement.lines,
    hint,
  });
}

function hintFor(statement: Statement): string {
  const previous = statement.lines[0] > 1;
  return previous
    ? 'if this belongs to the instruction above, end the line before it with the escape character'
    : `instructions are: ${instructionNames.join(', ').toUpperCase()}`;
}
