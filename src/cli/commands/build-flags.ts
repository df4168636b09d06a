import { Option, type Command } from 'commander';
import { gather, gatherBuildArg, readSwitch } from './options.ts';

/** What `kiln build` heeds of its flags. */
export interface BuildFlags {
  readonly file?: string;
  readonly target?: string;
  readonly platform?: readonly string[];
  readonly buildArg?: ReadonlyMap<string, string>;
  readonly check?: boolean;
  readonly call?: string;
}

/**
 * The flags of `docker buildx build`, so that a command line that builds can be checked by adding `--check`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/
 */
export function addBuildFlags(command: Command): Command {
  command
    .option('-f, --file <path>', 'name of the Dockerfile (default: PATH/Dockerfile)')
    .option('--target <stage>', 'stage to build')
    .option('--platform <platforms>', 'platforms to build for', (text: string, previous?: readonly string[]) => [
      ...(previous ?? []),
      ...text.split(','),
    ])
    .option('--build-arg <name=value>', 'set a build argument', gatherBuildArg)
    .option('--check', 'shorthand for --call=check')
    .option('--call <method>', 'answer a question about the Dockerfile: check, outline or targets');
  for (const flags of valued) command.addOption(new Option(flags).argParser(gather).hideHelp());
  for (const flags of switches) command.addOption(new Option(flags).hideHelp());
  return command;
}

/** They say how to build, not what the Dockerfile means. */
const valued = [
  ...[
    '--add-host <host>',
    '--allow <entitlement>',
    '--annotation <annotation>',
    '--attest <attestation>',
    '--builder <name>',
  ],
  ...['--build-context <context>', '--cache-from <source>', '--cache-to <destination>', '--cgroup-parent <cgroup>'],
  ...[
    '--iidfile <path>',
    '--label <label>',
    '--metadata-file <path>',
    '--network <mode>',
    '--no-cache-filter <stages>',
  ],
  ...['-o, --output <output>', '--policy <policy>', '--progress <type>', '--secret <secret>', '--shm-size <bytes>'],
  ...['--ssh <agent>', '-t, --tag <name>', '--ulimit <limit>', '-m, --memory <bytes>', '--memory-swap <bytes>'],
  ...[
    '-c, --cpu-shares <weight>',
    '--cpu-period <us>',
    '--cpu-quota <us>',
    '--cpuset-cpus <cpus>',
    '--cpuset-mems <nodes>',
  ],
  ...['--isolation <technology>', '--resource <limit>', '--security-opt <option>', '--print <method>'],
];

const booleans = [
  ...['-D, --debug', '--load', '--no-cache', '--push', '-q, --quiet', '--pull'],
  ...['--compress', '--force-rm', '--rm', '--squash'],
];

const switches = [...booleans, '--provenance [mode]', '--sbom [mode]', '--invoke [command]'];

const booleanNames: ReadonlySet<string> = new Set(['--check', ...booleans.map((flags) => flags.replace(/^-., /, ''))]);

/** Turns `--pull=true` into `--pull` and drops `--pull=false`: docker takes both, commander neither. */
export function plainSwitches(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => {
    const [name = '', value] = word.split('=', 2);
    if (value === undefined || !booleanNames.has(name)) return [word];
    const isOn = readSwitch(value);
    if (isOn === undefined) return [word];
    return isOn ? [name] : [];
  });
}
