import { percentDecode } from '../../spec/percent-encoding.ts';
import { ValueError } from '../../spec/value-error.ts';

/** The values of a query by key, both in the order of the query. */
export interface UrlQuery {
  readonly values: ReadonlyMap<string, readonly string[]>;
  /** What was wrong with the pairs that are left out, if any was. */
  readonly problem?: string;
}

const mostPairs = 10_000;

/**
 * Splits the part of a URL behind its question mark. Bad pairs are left out, and of too many pairs all.
 *
 * @see https://pkg.go.dev/net/url#ParseQuery
 */
export function parseUrlQuery(text: string): UrlQuery {
  const values = new Map<string, string[]>();
  const pairs = text.split('&');
  if (pairs.length > mostPairs) return { values, problem: 'number of URL query parameters exceeded limit' };
  const problems: string[] = [];
  for (const pair of pairs.filter((candidate) => candidate !== '')) {
    try {
      const { key, value } = parsePair(pair);
      const others = values.get(key);
      if (others) others.push(value);
      else values.set(key, [value]);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      problems.push(error.message);
    }
  }
  const [problem] = problems;
  return { values, ...(problem !== undefined && { problem }) };
}

function parsePair(pair: string): { key: string; value: string } {
  if (pair.includes(';')) throw new ValueError('invalid semicolon separator in query');
  const equals = pair.indexOf('=');
  const key = equals < 0 ? pair : pair.slice(0, equals);
  return { key: percentDecode(key, 'query'), value: equals < 0 ? '' : percentDecode(pair.slice(equals + 1), 'query') };
}
