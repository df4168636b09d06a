import { flagError } from './flag-error.ts';
import { readOutput, type OutputContext } from './output.ts';
import type { OutputFields } from './output-fields.ts';
import type { OutputRequest } from './output-request.ts';

/** What the flags that are short for outputs ask for, and where output may go. */
export interface OutputsContext extends OutputContext {
  readonly load: boolean;
  readonly push: boolean;
  /** Standard output is a terminal, which no archive should be written to. */
  readonly isOutTerminal: boolean;
}

/** All outputs of a build; an image in the store if nothing else is asked for. Throws KilnError `cli/flag`. */
export function readOutputs(all: readonly OutputFields[], context: OutputsContext): readonly OutputRequest[] {
  const given = all.map((fields) => readOutput(fields, context)).filter((output) => output !== undefined);
  checkStandardOutput(given, context);
  const isStored = given.some(({ kind }) => kind === 'store');
  const isWanted = !isStored && (context.load || context.push || all.length === 0);
  const toStore = isWanted ? readOutput({ type: 'image', destination: '', options: new Map() }, context) : undefined;
  const outputs = (toStore ? [...given, toStore] : given).map((output) =>
    output.kind === 'store' && context.push ? { ...output, push: true } : output,
  );
  if (outputs.some((output) => output.kind === 'store' && output.push && output.names.length === 0)) {
    throw flagError('tag is needed when pushing to registry', 'add --tag NAME');
  }
  return outputs;
}

function checkStandardOutput(outputs: readonly OutputRequest[], { isOutTerminal }: OutputsContext): void {
  const [first, second] = outputs.filter((output) => 'destination' in output && output.destination === '-');
  if (second) throw flagError('multiple outputs configured to write to stdout');
  if (first && isOutTerminal) {
    throw flagError(
      `dest file is required for ${first.kind} exporter. refusing to write to console`,
      'add dest=FILE, or redirect the output',
    );
  }
}
