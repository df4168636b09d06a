import type { Command, CommandOf, From, KeyValue, Origin, Stage } from '../instructions/command.ts';
import type { Comment, Statement, Word } from '../parser/ast.ts';
import type { Platform } from '../../spec/platform.ts';
import type { Expansion } from '../words/expand.ts';
import type { Port } from '../values/port.ts';
import type { Variables } from './variables.ts';

/**
 * What happens while a Dockerfile is read and evaluated, in the order in which BuildKit does it. Lint rules listen.
 *
 * Every event says where it happens. `comments` are those above the instruction, which may hold `check=skip=...`; an event
 * without them is about the file as a whole.
 */
export type LintEvent =
  /** An instruction has blank lines in its continuation. */
  | { readonly kind: 'blankLines'; readonly statement: Statement }
  /** An instruction is about to be typed. */
  | { readonly kind: 'statement'; readonly statement: Statement; readonly comments: readonly Comment[] }
  /** FROM or ARG gives names. */
  | {
      readonly kind: 'definition';
      readonly instruction: 'FROM' | 'ARG';
      readonly names: readonly string[];
      readonly origin: Origin;
      readonly comments: readonly Comment[];
    }
  | { readonly kind: 'stageName'; readonly from: From; readonly isRepeated: boolean }
  | { readonly kind: 'stages'; readonly stages: readonly Stage[] }
  /** The base of a stage with nothing but the defaults of ARG. */
  | { readonly kind: 'defaultBase'; readonly from: From; readonly isValid: boolean }
  /** Base or platform of FROM were expanded. */
  | {
      readonly kind: 'fromWord';
      readonly word: Word;
      readonly unmatched: ReadonlySet<string>;
      /** Variables that FROM may use. */
      readonly declared: ReadonlySet<string>;
      readonly origin: Origin;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'fromPlatform';
      readonly from: From;
      readonly expansion: Expansion;
      /** The value of TARGETPLATFORM. */
      readonly targetPlatform: string | undefined;
      /** It is the platform that the stage has without the flag, whatever TARGETPLATFORM was set to. */
      readonly isTarget: boolean;
      /** Absent if the platform is none. */
      readonly platform: Platform | undefined;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'basePlatform';
      readonly from: From;
      /** The base, expanded. */
      readonly name: string;
      readonly expected: Platform;
      readonly actual: Platform;
    }
  /** A word of a command was expanded and uses variables that are not set. */
  | {
      readonly kind: 'undefinedVariables';
      readonly names: readonly string[];
      /** The variables that are set. */
      readonly defined: Variables;
      readonly word: Word;
      readonly origin: Origin;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'pair';
      readonly command: CommandOf<'env'> | CommandOf<'label'>;
      /** As written. */
      readonly pair: KeyValue;
      /** The key, expanded. */
      readonly key: string;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'argument';
      readonly name: string;
      readonly span: Word['span'];
      readonly origin: Origin;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'workdir';
      readonly command: CommandOf<'workdir'>;
      /** Expanded. */
      readonly path: string;
      readonly isAbsolute: boolean;
      /** No WORKDIR came before it in this stage and those below. */
      readonly isFirst: boolean;
      readonly comments: readonly Comment[];
    }
  /** An instruction of which only the last one in a stage counts. */
  | {
      readonly kind: 'onlyLast';
      readonly command: Command;
      readonly previous: Origin | undefined;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'commandLine';
      readonly command: CommandOf<'cmd'> | CommandOf<'entrypoint'>;
      /** A SHELL instruction chose the shell. */
      readonly isShellSet: boolean;
      readonly comments: readonly Comment[];
    }
  | {
      readonly kind: 'port';
      readonly command: CommandOf<'expose'>;
      /** Expanded. */
      readonly text: string;
      /** Where it stands, if it stands there as it is. */
      readonly word: Word;
      readonly flags: Pick<Port, 'protocolNotLowercase' | 'hostPart'>;
      readonly comments: readonly Comment[];
    }
  /** COPY or ADD takes something from the context. */
  | {
      readonly kind: 'contextSource';
      readonly command: CommandOf<'add'> | CommandOf<'copy'>;
      /** Expanded and cleaned. */
      readonly path: string;
      readonly span: Word['span'];
      readonly isIgnored: boolean;
      readonly comments: readonly Comment[];
    };

export type LintEventOf<Kind extends LintEvent['kind']> = Extract<LintEvent, { kind: Kind }>;

/** Gets every event. */
export type LintListener = (event: LintEvent) => void;
