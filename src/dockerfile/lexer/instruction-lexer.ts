import type { Span } from '../../diagnostic/source.ts';
import { instructionNames, type Escape, type InstructionName } from '../parser/ast.ts';
import { startLexer, type LexerState } from './argument-lexer.ts';
import { lexFlags } from './flag-lexer.ts';
import { arrayForm } from './json-array.ts';
import { SpanMapper, type LogicalLine } from './logical-line.ts';
import type { Token, TokenType } from './token.ts';
import { gapClass, skipSpace, skipSpaceBack } from './whitespace.ts';

type Shape =
  'text' | 'textOrArray' | 'words' | 'wordsOrArray' | 'quotedWords' | 'pairs' | 'probe' | 'trigger' | 'ignored';

/** How the arguments of an instruction are read. */
const shapes: Readonly<Record<InstructionName, Shape>> = {
  add: 'wordsOrArray',
  arg: 'quotedWords',
  cmd: 'textOrArray',
  copy: 'wordsOrArray',
  entrypoint: 'textOrArray',
  env: 'pairs',
  expose: 'words',
  from: 'words',
  healthcheck: 'probe',
  label: 'pairs',
  maintainer: 'text',
  onbuild: 'trigger',
  run: 'textOrArray',
  shell: 'textOrArray',
  stopsignal: 'text',
  user: 'text',
  volume: 'wordsOrArray',
  workdir: 'text',
};

const names: ReadonlyMap<string, InstructionName> = new Map(instructionNames.map((name) => [name, name]));
const gapStart = new RegExp(`[${gapClass}]`);
const gap = new RegExp(`[${gapClass}]+`, 'y');
// Byte by byte, 85 and A0 are white space, too; as bytes that are no UTF-8 they can be told here.
const strayGap = new RegExp(`(?:[\\n${gapClass}]|(?<![\\ud800-\\udbff])[\\udc85\\udca0])+`, 'y');
const probeType = new RegExp(`^(?:[^\\n${gapClass}\\udc85\\udca0]|(?<=[\\ud800-\\udbff])[\\udc85\\udca0])+`);

export interface LexedInstruction {
  readonly tokens: readonly Token[];
  /** JSON arrays of something other than strings; their tokens are those of the shell form. */
  readonly misformedArrays: readonly Span[];
}

/** The tokens of one instruction. */
export function lexInstruction(line: LogicalLine, escape: Escape): LexedInstruction {
  return new InstructionLexer(line, escape).lex();
}

class InstructionLexer {
  #text: string;
  readonly #escape: Escape;
  readonly #mapper: SpanMapper;
  readonly #ascii: boolean;
  readonly #tokens: Token[] = [];
  readonly #misformed: Span[] = [];
  /** The part of the text that is not read yet. */
  #at: number;
  #end: number;

  constructor(line: LogicalLine, escape: Escape) {
    this.#text = line.text;
    this.#escape = escape;
    this.#mapper = new SpanMapper(line);
    this.#ascii = /^[\x00-\x7f]*$/.test(line.text);
    this.#at = skipSpace(line.text);
    this.#end = skipSpaceBack(line.text, this.#at);
  }

  lex(): LexedInstruction {
    // ONBUILD begins the same again.
    while (this.#keyword() === 'trigger' && this.#at < this.#end);
    return { tokens: this.#tokens, misformedArrays: this.#misformed };
  }

  #keyword(): Shape {
    const start = this.#at;
    const lexer = startLexer(this.#escape, this.#text.slice(start, this.#end), 'words');
    const written = lexer.next()?.value ?? '';
    const name = names.get(written.toLowerCase());
    this.#push(name ?? 'unknown', written, start, start + written.length);
    this.#skipGap(start + written.length);
    this.#skipStrayGap();
    this.#flags();
    const shape = name === undefined ? 'ignored' : shapes[name];
    if (this.#at === this.#end) this.#push('empty', '', this.#end, this.#end);
    else if (shape !== 'trigger') this.#arguments(shape);
    return shape;
  }

  #flags(): void {
    const options = { escape: this.#escape, ascii: this.#ascii };
    const { flags, rest, split } = lexFlags(this.#text.slice(this.#at, this.#end), options);
    for (const { value, start, end } of flags) this.#push('flag', value, this.#at + start, this.#at + end);
    const at = this.#at + rest;
    if (split !== '') this.#text = this.#text.slice(0, at) + split + this.#text.slice(at + split.length);
    this.#at = skipSpace(this.#text, at, this.#end);
  }

  #arguments(shape: Exclude<Shape, 'trigger'>): void {
    switch (shape) {
      case 'ignored':
      case 'text':
        this.#push(shape, this.#rest(), this.#at, this.#end);
        break;
      case 'textOrArray':
        if (!this.#array()) this.#push('text', this.#rest(), this.#at, this.#end);
        break;
      case 'wordsOrArray':
        if (!this.#array()) this.#words('words');
        break;
      case 'words':
      case 'quotedWords':
        this.#words(shape);
        break;
      case 'pairs':
        this.#pairs();
        break;
      case 'probe':
        this.#probe();
        break;
    }
  }

  #words(state: LexerState): void {
    const before = this.#tokens.length;
    for (const { value, start, end } of this.#lexRest(state, 'word')) this.#push('word', value, start, end);
    if (this.#tokens.length === before) this.#push('empty', '', this.#end, this.#end);
  }

  /** The JSON form; only if the whole rest is a JSON array of nothing but strings. */
  #array(): boolean {
    const opening = skipSpace(this.#text, this.#at, this.#end);
    const form = arrayForm(this.#text.slice(opening, this.#end));
    if (form === 'other values') this.#misformed.push(this.#span(opening, this.#end));
    if (form !== 'strings') return false;
    this.#at = opening;
    for (const { type, value, start, end } of this.#lexRest('array')) {
      const isString = type === 'string';
      this.#push(type as TokenType, isString ? readString(value) : value, start, end);
    }
    return true;
  }

  #pairs(): void {
    const words = [...this.#lexRest('quotedWords', 'word')];
    const first = words[0];
    if (!first) this.#push('empty', '', this.#end, this.#end);
    else if (!first.value.includes('=')) this.#legacyPair();
    else for (const { value, start, end } of words) this.#pair(value, start, end);
  }

  #pair(word: string, start: number, end: number): void {
    const equals = word.indexOf('=');
    if (equals < 0) {
      this.#push('bare', word, start, end);
      return;
    }
    this.#push('key', word.slice(0, equals), start, start + equals);
    this.#push('equals', '=', start + equals, start + equals + 1);
    this.#push('value', word.slice(equals + 1), start + equals + 1, end);
  }

  /** `KEY the rest`. */
  #legacyPair(): void {
    const start = this.#at;
    const split = this.#text.slice(start, this.#end).search(gapStart);
    if (split < 0) {
      this.#push('bare', this.#rest(), start, this.#end);
      return;
    }
    this.#push('key', this.#text.slice(start, start + split), start, start + split);
    this.#skipGap(start + split);
    this.#push('space', ' ', start + split, this.#at);
    this.#push('value', this.#rest(), this.#at, this.#end);
  }

  #probe(): void {
    const type = probeType.exec(this.#rest())?.[0] ?? '';
    if (type === '') {
      this.#push('empty', '', this.#end, this.#end);
      return;
    }
    this.#push('word', type, this.#at, this.#at + type.length);
    this.#at += type.length;
    this.#skipStrayGap();
    if (this.#at === this.#end) this.#push('empty', '', this.#end, this.#end);
    else this.#arguments('textOrArray');
  }

  /** Tokens of the rest, without gaps; offsets are those of the logical line. */
  *#lexRest(state: LexerState, only?: string) {
    const lexer = startLexer(this.#escape, this.#rest(), state);
    for (let token = lexer.next(); token; token = lexer.next()) {
      if (token.type === 'gap' || (only !== undefined && token.type !== only)) continue;
      const start = this.#at + token.offset;
      // Where quotes matter, BuildKit reads character by character, and what is not UTF-8 does not survive that.
      const value = state === 'quotedWords' ? token.value.toWellFormed() : token.value;
      yield { type: token.type, value, start, end: start + value.length };
    }
  }

  #rest(): string {
    return this.#text.slice(this.#at, this.#end);
  }

  #skipGap(from: number): void {
    gap.lastIndex = from;
    this.#at = gap.test(this.#text) ? Math.min(gap.lastIndex, this.#end) : from;
  }

  #skipStrayGap(): void {
    strayGap.lastIndex = this.#at;
    if (strayGap.test(this.#text)) this.#at = Math.min(strayGap.lastIndex, this.#end);
  }

  #push(type: TokenType, value: string, start: number, end: number): void {
    this.#tokens.push({ type, value, span: this.#span(start, end) });
  }

  #span(start: number, end: number): Span {
    return this.#mapper.span(start, end);
  }
}

/** The value of a JSON string; what is not UTF-8, or half a surrogate pair, is replaced as Go does. */
function readString(json: string): string {
  return (JSON.parse(json.toWellFormed()) as string).toWellFormed();
}
