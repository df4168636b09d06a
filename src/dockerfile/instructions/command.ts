import type { Span } from '../../diagnostic/source.ts';
import type { Device } from './device.ts';
import type { Comment, Word } from '../parser/ast.ts';
import type { LineRange } from '../problem.ts';

/** What every command has of the instruction it comes from. */
export interface Origin {
  /** The keyword as written. */
  readonly keyword: Word;
  /** The instruction without surrounding white space, continuation lines joined, heredocs left out. */
  readonly code: string;
  readonly lines: LineRange;
  readonly span: Span;
  readonly comments: readonly Comment[];
}

/** `KEY=value` of ENV and LABEL. */
export interface KeyValue {
  readonly key: Word;
  readonly value: Word;
  /** Written `KEY value`. */
  readonly legacy: boolean;
}

/** One variable of ARG. */
export interface ArgDefinition {
  readonly key: string;
  /** Absent if there is no `=`. */
  readonly value: string | undefined;
  readonly span: Span;
  /** What a comment above that begins with the name says about it. */
  readonly description: string;
}

/** A heredoc given to RUN. */
export interface InlineFile {
  readonly name: string;
  /** Before {@link InlineFile.chomp} is applied. */
  readonly content: string;
  readonly chomp: boolean;
}

/** A heredoc given to COPY or ADD. */
export interface InlineSource {
  readonly path: string;
  readonly content: string;
  readonly expand: boolean;
  readonly span: Span;
}

/** The command of RUN, CMD and ENTRYPOINT. */
export interface CommandLine {
  /** One text in the shell form, words in the JSON form. */
  readonly arguments: readonly string[];
  /** Shell form: the SHELL comes first. */
  readonly prependShell: boolean;
}

/** What COPY and ADD have in common. A flag that is not given is an empty word. */
export interface Transfer {
  readonly origin: Origin;
  readonly sources: readonly Word[];
  readonly contents: readonly InlineSource[];
  readonly destination: Word;
  readonly chown: Word;
  readonly chmod: Word;
  readonly link: boolean;
  readonly exclude: readonly string[];
}

export interface AddCommand extends Transfer {
  readonly kind: 'add';
  readonly checksum: Word;
  /** Undefined leaves it to the source. */
  readonly keepGitDir: boolean | undefined;
  /** Undefined: local archives are unpacked, others are not. */
  readonly unpack: boolean | undefined;
}

export interface CopyCommand extends Transfer {
  readonly kind: 'copy';
  /** Stage, index or image; empty for the build context. */
  readonly from: Word;
  readonly parents: boolean;
}

export interface RunCommand {
  readonly kind: 'run';
  readonly origin: Origin;
  readonly command: CommandLine;
  readonly files: readonly InlineFile[];
  /** Names of the flags given, sorted. */
  readonly flagsUsed: readonly string[];
  /** Values of `--mount`; read by {@link parseMount} once variables are known. */
  readonly mounts: readonly Word[];
  readonly devices: readonly Device[];
  readonly network: 'default' | 'none' | 'host';
  readonly security: 'sandbox' | 'insecure';
}

/** What HEALTHCHECK sets; durations in ns, 0 if not given. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: number;
  readonly timeout: number;
  readonly startPeriod: number;
  readonly startInterval: number;
  readonly retries: number;
}

/** A typed instruction of a stage, as written: nothing is expanded yet. */
export type Command =
  | AddCommand
  | CopyCommand
  | RunCommand
  | { readonly kind: 'arg'; readonly origin: Origin; readonly args: readonly ArgDefinition[] }
  | { readonly kind: 'cmd'; readonly origin: Origin; readonly command: CommandLine }
  | { readonly kind: 'entrypoint'; readonly origin: Origin; readonly command: CommandLine }
  | { readonly kind: 'env'; readonly origin: Origin; readonly pairs: readonly KeyValue[] }
  | { readonly kind: 'expose'; readonly origin: Origin; readonly ports: readonly Word[] }
  | { readonly kind: 'healthcheck'; readonly origin: Origin; readonly healthcheck: Healthcheck }
  | { readonly kind: 'label'; readonly origin: Origin; readonly pairs: readonly KeyValue[] }
  | { readonly kind: 'maintainer'; readonly origin: Origin; readonly maintainer: Word }
  | { readonly kind: 'onbuild'; readonly origin: Origin; readonly expression: string }
  | { readonly kind: 'shell'; readonly origin: Origin; readonly shell: readonly string[] }
  | { readonly kind: 'stopsignal'; readonly origin: Origin; readonly signal: Word }
  | { readonly kind: 'user'; readonly origin: Origin; readonly user: Word }
  | { readonly kind: 'volume'; readonly origin: Origin; readonly volumes: readonly Word[] }
  | { readonly kind: 'workdir'; readonly origin: Origin; readonly path: Word };

export type CommandOf<Kind extends Command['kind']> = Extract<Command, { kind: Kind }>;

/** FROM: begins a stage. */
export interface From {
  readonly kind: 'from';
  readonly origin: Origin;
  readonly base: Word;
  /** Lower case; empty if the stage has none. */
  readonly name: string;
  /** `AS name` as written. */
  readonly as: { readonly keyword: Word; readonly name: Word } | undefined;
  /** Empty if not given. */
  readonly platform: Word;
  /** What a comment above that begins with the stage's name says about it. */
  readonly description: string;
}

/** A stage and the commands in it. */
export interface Stage {
  readonly from: From;
  readonly commands: readonly Command[];
}
