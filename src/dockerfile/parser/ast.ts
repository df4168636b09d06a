import type { Source, Span } from '../../diagnostic/source.ts';
import type { LineRange, Problem } from '../problem.ts';

/** The instructions of a Dockerfile, lower-cased. */
export const instructionNames = [
  'add',
  'arg',
  'cmd',
  'copy',
  'entrypoint',
  'env',
  'expose',
  'from',
  'healthcheck',
  'label',
  'maintainer',
  'onbuild',
  'run',
  'shell',
  'stopsignal',
  'user',
  'volume',
  'workdir',
] as const;

export type InstructionName = (typeof instructionNames)[number];

/** A piece of text of an instruction. `value` is what it means, the span is where it stands. */
export interface Word {
  readonly value: string;
  readonly span: Span;
}

/** `KEY=value`; or `KEY value` in the legacy form; or a word that should have had an `=`. */
export interface Pair {
  readonly key: Word;
  /** Absent if there is neither `=` nor a value. */
  readonly value: Word | undefined;
  readonly separator: '=' | ' ' | undefined;
}

/** What stands behind the keyword and its flags. */
export type Arguments =
  | { readonly kind: 'none' }
  /** The rest of the line as one text: the shell form, or the one argument of USER and its like. */
  | { readonly kind: 'text'; readonly text: Word }
  /** The JSON form. */
  | { readonly kind: 'array'; readonly items: readonly Word[]; readonly span: Span }
  | { readonly kind: 'words'; readonly words: readonly Word[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  | { readonly kind: 'probe'; readonly type: Word; readonly command: Arguments }
  | { readonly kind: 'trigger'; readonly instruction: Instruction }
  /** The arguments of an instruction that does not exist. */
  | { readonly kind: 'unknown' };

/** An instruction as written; what it means is in `instructions/`. */
export interface Instruction {
  /** Absent if there is no such instruction. */
  readonly name: InstructionName | undefined;
  /** The keyword as written. */
  readonly keyword: Word;
  /** `--name=value`, quotes and escapes removed. */
  readonly flags: readonly Word[];
  readonly arguments: Arguments;
}

/** A comment line above an instruction, without `#` and surrounding white space. */
export type Comment = Word;

export interface Heredoc {
  /** The delimiter, quotes removed. */
  readonly name: string;
  /** The lines up to the delimiter, line endings included. */
  readonly content: string;
  /** No part of the delimiter was quoted: variables expand in the content. */
  readonly expand: boolean;
  /** `<<-`: tabs at the beginning of a line do not count. */
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  /** Of the content. */
  readonly span: Span;
}

/** An instruction at the top level of the file. */
export interface Statement extends Instruction {
  /** The logical line: continuation lines joined, comments and blank lines in between dropped. */
  readonly text: string;
  /** From the keyword to the last character, heredocs included. */
  readonly span: Span;
  readonly lines: LineRange;
  readonly comments: readonly Comment[];
  readonly heredocs: readonly Heredoc[];
  /** 1-based numbers of blank lines inside the continuation. */
  readonly blankLines: readonly number[];
}

export type Escape = '\\' | '`';

/** `# name=value` at the top of the file. */
export interface Directive {
  readonly name: 'syntax' | 'escape' | 'check';
  readonly value: string;
  readonly span: Span;
}

/** A Dockerfile as written. With problems, `statements` holds what could be read nevertheless. */
export interface Ast {
  readonly source: Source;
  readonly escape: Escape;
  readonly directives: readonly Directive[];
  readonly statements: readonly Statement[];
  /** The one that BuildKit names comes first. */
  readonly problems: readonly Problem[];
}
