import { quote } from './quote.ts';
import { ValueError } from './value-error.ts';

/** Whether a value of JSON is an object, arrays excluded. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is text or absent; `null` is absent, as in Go. Throws a {@link ValueError}. */
export function optionalString(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new ValueError(`${name} is not a string`);
  return value;
}

/** A member that is a list or absent. Throws a {@link ValueError}. */
export function optionalArray(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new ValueError(`${name} is not an array`);
  return value as readonly unknown[];
}

/** A member that is an object of texts or absent. Throws a {@link ValueError}. */
export function stringRecord(value: unknown, name: string): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw new ValueError(`${name} is not an object`);
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw new ValueError(`${name} ${quote(key)} is not a string`);
  }
  return value as Readonly<Record<string, string>>;
}

/** Deepest nesting. Nothing that is meant well comes near, and whoever writes it again may run out of stack. */
const deepest = 1000;

/** Parses the text of a JSON object. Throws a {@link ValueError}. */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  if (isTooDeep(text)) throw new ValueError(`invalid JSON: nested more than ${deepest} deep`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ValueError(`invalid JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isObject(value)) throw new ValueError('not a JSON object');
  return value;
}

function isTooDeep(text: string): boolean {
  if (text.length <= deepest) return false;
  let depth = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') isString = !isString;
    else if (isString) at += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > deepest) return true;
  }
  return false;
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Go writes it: what could be HTML is escaped. `indent` is the number of spaces; 0 for none. */
export function goJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (character) => escapes[character] ?? character,
  );
}
