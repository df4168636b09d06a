/** Whether a code point is taken. */
export type CodePointTest = (codePoint: number) => boolean;

/** A piece of a glob; a glob is a list of them, matched one after the other. */
export type GlobNode =
  /** One code point that passes the test, or, with `repeat`, any number of them, zero included. */
  | { readonly kind: 'atom'; readonly test: CodePointTest; readonly repeat: boolean }
  /** The nodes, or nothing. */
  | { readonly kind: 'optional'; readonly nodes: readonly GlobNode[] }
  /** Takes nothing: looks at the code points on both sides, `undefined` at an end of the text. */
  | {
      readonly kind: 'assertion';
      readonly holds: (before: number | undefined, after: number | undefined) => boolean;
    };

type Instruction =
  | { readonly kind: 'take'; readonly test: CodePointTest }
  | { readonly kind: 'loop'; readonly test: CodePointTest }
  /** Goes on at the next instruction and also at `to`, which is always farther on. */
  | { readonly kind: 'branch'; to: number }
  | { readonly kind: 'assert'; readonly holds: (before: number | undefined, after: number | undefined) => boolean };

/** A compiled glob. */
export interface Automaton {
  readonly program: readonly Instruction[];
}

/** The instructions that are alive at one place of the text; all marks lie in `[low, high]`. */
interface Frontier {
  readonly marks: Uint8Array;
  low: number;
  high: number;
}

/** Compiles a glob. Matching takes time in the order of text length times glob length, whatever the glob. */
export function createAutomaton(nodes: readonly GlobNode[]): Automaton {
  const program: Instruction[] = [];
  append(program, nodes);
  return { program };
}

/**
 * Where the shortest or the longest prefix of a text that the glob matches ends.
 *
 * @returns a UTF-16 offset, or undefined if no prefix matches, not even the empty one.
 */
export function matchPrefix(
  { program }: Automaton,
  text: string,
  preference: 'shortest' | 'longest',
): number | undefined {
  let current = createFrontier(program.length);
  let next = createFrontier(program.length);
  mark(current, 0);
  let found: number | undefined;
  let before: number | undefined;
  for (let offset = 0; current.high >= 0;) {
    const after = text.codePointAt(offset);
    if (sweep(program, { current, next, before, after })) {
      found = offset;
      if (preference === 'shortest') break;
    }
    if (after === undefined) break;
    offset += after > 0xffff ? 2 : 1;
    before = after;
    [current, next] = [next, current];
  }
  return found;
}

/** Whether the glob matches a text from its start to its end. */
export function matchesWhole(automaton: Automaton, text: string): boolean {
  return matchPrefix(automaton, text, 'longest') === text.length;
}

function append(program: Instruction[], nodes: readonly GlobNode[]): void {
  for (const node of nodes) {
    switch (node.kind) {
      case 'atom':
        program.push({ kind: node.repeat ? 'loop' : 'take', test: node.test });
        break;
      case 'assertion':
        program.push({ kind: 'assert', holds: node.holds });
        break;
      case 'optional': {
        const branch: Instruction = { kind: 'branch', to: 0 };
        program.push(branch);
        append(program, node.nodes);
        branch.to = program.length;
        break;
      }
    }
  }
}

interface Place {
  readonly current: Frontier;
  readonly next: Frontier;
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * Runs all live instructions at one place, which empties `current` and fills `next`.
 *
 * One pass in ascending order suffices, because what takes no text leads forward only.
 *
 * @returns whether the end of the program was reached.
 */
function sweep(program: readonly Instruction[], { current, next, before, after }: Place): boolean {
  let accepted = false;
  for (let at = current.low; at <= current.high; at++) {
    if (current.marks[at] === 0) continue;
    current.marks[at] = 0;
    const instruction = program[at];
    if (instruction === undefined) accepted = true;
    else if (instruction.kind === 'take') {
      if (after !== undefined && instruction.test(after)) mark(next, at + 1);
    } else if (instruction.kind === 'loop') {
      mark(current, at + 1);
      if (after !== undefined && instruction.test(after)) mark(next, at);
    } else if (instruction.kind === 'branch') {
      mark(current, at + 1);
      mark(current, instruction.to);
    } else if (instruction.holds(before, after)) mark(current, at + 1);
  }
  current.low = Infinity;
  current.high = -1;
  return accepted;
}

function createFrontier(length: number): Frontier {
  return { marks: new Uint8Array(length + 1), low: Infinity, high: -1 };
}

function mark(frontier: Frontier, at: number): void {
  frontier.marks[at] = 1;
  if (at < frontier.low) frontier.low = at;
  if (at > frontier.high) frontier.high = at;
}
