import { isSpace, skipSpace } from '../lexer/whitespace.ts';

/** Collects the words of an expansion while it grows. */
export interface WordSplitter {
  /** Adds text whose white space separates words. */
  add(text: string): void;
  /** Adds text that is part of the current word as it stands, because it was quoted. */
  addQuoted(text: string): void;
  /** Forgets the unfinished word. */
  discard(): void;
  /** Ends the last word; returns all. A word is never empty, not even a quoted one. */
  finish(): readonly string[];
}

export function createWordSplitter(): WordSplitter {
  const words: string[] = [];
  let word = '';
  const finish = (): readonly string[] => {
    if (word !== '') words.push(word);
    word = '';
    return words;
  };
  return {
    add(text) {
      const wellFormed = text.toWellFormed();
      for (let at = 0; at < wellFormed.length;) {
        const end = endOfWord(wellFormed, at);
        word += wellFormed.slice(at, end);
        if (end === wellFormed.length) break;
        finish();
        at = skipSpace(wellFormed, end);
      }
    },
    addQuoted(text) {
      word += text;
    },
    discard() {
      word = '';
    },
    finish,
  };
}

/** The words of a text in which nothing is quoted. */
export function splitWords(text: string): readonly string[] {
  if (text !== '' && endOfWord(text, 0) === text.length) return [text];
  const splitter = createWordSplitter();
  splitter.add(text);
  return splitter.finish();
}

function endOfWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isSpace(text.charAt(at))) at++;
  return at;
}
