import type { ArgDefinition } from '../instructions/command.ts';
import { note, type Dispatched } from './dispatched.ts';
import { expanderFor } from './expand-command.ts';
import { controlArgs } from './global-args.ts';

/**
 * ARG: a build argument beats the default; without either, the value before the first FROM counts.
 *
 * @see https://docs.docker.com/reference/dockerfile/#arg
 */
export function dispatchArg(dispatched: Dispatched<'arg'>): void {
  const texts = dispatched.command.args.map((definition) => {
    const value = declare(dispatched, definition);
    return value === undefined ? definition.key : `${definition.key}=${value}`;
  });
  note(dispatched, () => `ARG ${texts.join(' ')}`);
}

function declare(dispatched: Dispatched<'arg'>, definition: ArgDefinition): string | undefined {
  const { context, state, command } = dispatched;
  const { origin } = command;
  const { key, span } = definition;
  context.emit({ kind: 'argument', name: key, span, origin, comments: origin.comments });
  const given = context.buildArgs.get(key);
  const inherited =
    given === undefined && definition.value === undefined ? context.globalArgs.values.get(key) : undefined;
  const value = given ?? inherited ?? defaultValue(dispatched, definition);
  if (value !== undefined && !controlArgs.has(key)) {
    state.environment.assign(key, value);
    if (state.image.env.get(key) !== undefined) state.shadowed.add(key);
  }
  // What is inherited is described where it was declared.
  if (inherited === undefined) state.outline.args.set(key, { definition, origin, value: value ?? '', uses: new Set() });
  state.outline.usedArgs.add(key);
  state.buildArgs.set(key, value ?? '');
  return value;
}

function defaultValue(
  { context, state, command }: Dispatched<'arg'>,
  { value, span }: ArgDefinition,
): string | undefined {
  return value === undefined ? undefined : expanderFor(context, state, command)({ value, span }).value;
}
