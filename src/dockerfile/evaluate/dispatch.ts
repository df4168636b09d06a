import type { Command } from '../instructions/command.ts';
import type { EvaluateContext } from './context.ts';
import { dispatchArg } from './dispatch-arg.ts';
import * as metadata from './dispatch-metadata.ts';
import { dispatchRun } from './dispatch-run.ts';
import { dispatchTransfer } from './dispatch-transfer.ts';
import type { Dispatched } from './dispatched.ts';
import { expandCommand } from './expand-command.ts';
import type { StageCommand, StageState } from './stage-state.ts';

type Dispatcher<Kind extends Command['kind']> = (dispatched: Dispatched<Kind>) => void;

const dispatchers: { readonly [Kind in Command['kind']]: Dispatcher<Kind> } = {
  add: dispatchTransfer,
  arg: dispatchArg,
  cmd: metadata.dispatchCmd,
  copy: dispatchTransfer,
  entrypoint: metadata.dispatchEntrypoint,
  env: metadata.dispatchEnv,
  expose: metadata.dispatchExpose,
  healthcheck: metadata.dispatchHealthcheck,
  label: metadata.dispatchLabel,
  maintainer: metadata.dispatchMaintainer,
  onbuild: metadata.dispatchOnbuild,
  run: dispatchRun,
  shell: metadata.dispatchShell,
  stopsignal: metadata.dispatchStopsignal,
  user: metadata.dispatchUser,
  volume: metadata.dispatchVolume,
  workdir: metadata.dispatchWorkdir,
};

/** Expands a command and lets it change its stage. Throws ProblemError. */
export function dispatch(
  context: EvaluateContext,
  state: StageState,
  { command: written, sources, isOnbuild }: StageCommand,
): void {
  const { command, mounts } = expandCommand(context, state, written);
  const dispatcher = dispatchers[command.kind] as Dispatcher<Command['kind']>;
  dispatcher({ context, state, command, written, sources, mounts, isOnbuild });
}
