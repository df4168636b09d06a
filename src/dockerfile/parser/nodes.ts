import { joinSpans } from '../../diagnostic/source.ts';
import type { Token } from '../lexer/token.ts';
import {
  instructionNames,
  type Arguments,
  type Instruction,
  type InstructionName,
  type Pair,
  type Word,
} from './ast.ts';

/*
 * The post-processors of grammar/dockerfile.ne. Each gets the parts of a rule and gives its node.
 *
 * nearley runs them for every prefix that is complete, so each must take constant time. A list grows in place: no rule of
 * the grammar lets two readings share one.
 */

const names: ReadonlySet<string> = new Set(instructionNames);

function word({ value, span }: Token): Word {
  return { value, span };
}

export function instruction([keyword, flags, args]: [Token, Word[], Arguments]): Instruction {
  const name = names.has(keyword.type) ? (keyword.type as InstructionName) : undefined;
  return { name, keyword: word(keyword), flags, arguments: args };
}

export function same<Node>([only]: [Node]): Node {
  return only;
}

export function noFlags(): Word[] {
  return [];
}

export function list<Item extends object>([first]: [Item]): Item[] {
  return [first];
}

export function append<Item>([items, item]: [Item[], Item]): Item[] {
  items.push(item);
  return items;
}

export function appendSeparated<Item>([items, , item]: [Item[], Token, Item]): Item[] {
  items.push(item);
  return items;
}

export function none(): Arguments {
  return { kind: 'none' };
}

export function text([token]: [Token]): Arguments {
  return { kind: 'text', text: word(token) };
}

export function words([items]: [Word[]]): Arguments {
  return { kind: 'words', words: items };
}

export function emptyArray([open, close]: [Token, Token]): Arguments {
  return { kind: 'array', items: [], span: joinSpans(open.span, close.span) };
}

export function array([open, items, close]: [Token, Word[], Token]): Arguments {
  return { kind: 'array', items, span: joinSpans(open.span, close.span) };
}

export function pairs([items]: [Pair[]]): Arguments {
  return { kind: 'pairs', pairs: items };
}

export function pair([key, separator, value]: [Token, Token, Token]): Pair {
  return { key: word(key), value: word(value), separator: separator.type === 'equals' ? '=' : ' ' };
}

export function barePair([key]: [Token]): Pair {
  return { key: word(key), value: undefined, separator: undefined };
}

export function probe([type, command]: [Token, Arguments]): Arguments {
  return { kind: 'probe', type: word(type), command };
}

export function trigger([triggered]: [Instruction]): Arguments {
  return { kind: 'trigger', instruction: triggered };
}

export function unknown(): Arguments {
  return { kind: 'unknown' };
}
