import { ValueError } from '../../spec/value-error.ts';

/** A step of a symbolic mode. The steps apply in order, each to the result of those before it. */
export type ModeChange =
  | { readonly kind: 'set'; readonly bits: number }
  | { readonly kind: 'clear'; readonly bits: number }
  /** Of a directory, and of a file that anyone could execute before the first step. */
  | { readonly kind: 'set-if-executable'; readonly bits: number }
  | {
      readonly kind: 'copy';
      readonly from: 'user' | 'group' | 'other';
      /** The rwx bits that may change. */
      readonly to: number;
      readonly operator: ModeOperator;
    };

export type ModeOperator = '+' | '-' | '=';

const setIds = 0o6000;
const sticky = 0o1000;
const everyone = 0o6777;

const classes: ReadonlyMap<string, number> = new Map([
  ['a', everyone],
  ['u', 0o4700],
  ['g', 0o2070],
  ['o', 0o0007],
]);

const permissions: ReadonlyMap<string, number> = new Map([
  ['r', 0o444],
  ['w', 0o222],
  ['x', 0o111],
  ['X', 0o111],
]);

const sources = { u: 'user', g: 'group', o: 'other' } as const;

/**
 * The steps of a symbolic mode such as `u=rwX,go-w`, for a umask of 0. Throws a {@link ValueError}.
 *
 * Oddities of BSD are kept: where nobody is named, `t` makes the other letters of its action count for nothing, and
 * permissions that follow a copy in an action with `=` replace the copy.
 *
 * @see https://man.freebsd.org/cgi/man.cgi?query=chmod&sektion=1
 */
export function parseSymbolicMode(text: string): readonly ModeChange[] {
  return text.split(',').flatMap(parseClause);
}

function parseClause(clause: string): readonly ModeChange[] {
  const match = /^([augo]*)([-+=].*)$/s.exec(clause);
  if (!match) throw new ValueError('invalid syntax');
  const [, who = '', actions = ''] = match;
  let mask = 0;
  for (const name of who) mask |= classes.get(name) ?? 0;
  return (actions.match(/[-+=][^-+=]*/g) ?? []).flatMap((action) => parseAction(action, mask));
}

/** One operator with its letters. A mask of 0 means that nobody was named. */
function parseAction(action: string, who: number): readonly ModeChange[] {
  const operator = action.charAt(0) as ModeOperator;
  const changes: ModeChange[] = [];
  let mask = who;
  let bits = 0;
  let bitsIfExecutable = 0;
  let isAssigned = false;
  const flush = () => {
    if (bits !== 0) changes.push(...permissionChanges(operator, mask, bits));
    if (bitsIfExecutable !== 0) changes.push({ kind: 'set-if-executable', bits: among(mask, bitsIfExecutable) });
    bits = bitsIfExecutable = 0;
  };
  for (const letter of action.slice(1)) {
    if (letter === 'u' || letter === 'g' || letter === 'o') {
      flush();
      changes.push({ kind: 'copy', from: sources[letter], to: copyTargets(mask), operator });
      isAssigned = true;
    } else if (letter === 'X' && operator !== '-') bitsIfExecutable = 0o111;
    else bits |= letterBits(letter, mask);
    mask |= bits & sticky;
  }
  if (operator === '=' && bits === 0 && !isAssigned)
    changes.push({ kind: 'clear', bits: mask === 0 ? everyone : mask });
  flush();
  return changes;
}

function letterBits(letter: string, mask: number): number {
  const isOnlyForOthers = mask !== 0 && (mask & ~0o7) === 0;
  if (letter === 's') return isOnlyForOthers ? 0 : setIds;
  if (letter === 't') return isOnlyForOthers ? 0 : sticky;
  const bits = permissions.get(letter);
  if (bits === undefined) throw new ValueError('invalid syntax');
  return bits;
}

function permissionChanges(operator: ModeOperator, mask: number, bits: number): readonly ModeChange[] {
  if (operator === '-') return [{ kind: 'clear', bits: among(mask, bits) }];
  const set: ModeChange = { kind: 'set', bits: among(mask, bits) };
  return operator === '+' ? [set] : [{ kind: 'clear', bits: mask === 0 ? everyone : mask }, set];
}

function among(mask: number, bits: number): number {
  return mask === 0 ? bits : mask & bits;
}

function copyTargets(mask: number): number {
  if (mask === 0) return 0o777;
  return [0o700, 0o070, 0o007].reduce((to, bits) => to | ((mask & bits) === 0 ? 0 : bits), 0);
}
