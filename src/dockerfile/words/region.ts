import { wordError } from './scan.ts';
import type { Region, Scan } from './scan.ts';

/** An expansion that stops at each region inside of it, to be given what that expands to. */
export type Expanding = Generator<Region, string, string>;

/** Starts the expansion of the text up to a stop character, or of all. */
export type Expander = (scan: Scan, stop: Region['stop'] | undefined) => Expanding;

interface OpenRegion {
  readonly outside: Expanding;
  /** What to go back to. */
  readonly rawEscapes: boolean;
}

/** Deeper nesting is refused: the time can grow with the length times the depth. */
const maximumDepth = 1000;

/** Expands a word with all regions inside of it. It does not recurse, so that no nesting exhausts the stack. */
export function expandRegions(scan: Scan, expand: Expander): string {
  const open: OpenRegion[] = [];
  let current = expand(scan, undefined);
  let inside = '';
  for (;;) {
    const step = current.next(inside);
    if (step.done) {
      const outer = open.pop();
      if (!outer) return step.value;
      if (open.length === 0) scan.outermost = undefined;
      scan.rawEscapes = outer.rawEscapes;
      current = outer.outside;
      inside = step.value;
    } else {
      const region = step.value;
      if (open.length === maximumDepth) throw wordError(scan, 'nested too deeply', region.opening);
      open.push({ outside: current, rawEscapes: scan.rawEscapes });
      enter(scan, region);
      current = expand(scan, region.stop);
    }
  }
}

function enter(scan: Scan, region: Region): void {
  scan.outermost ??= region;
  scan.rawEscapes = region.rawEscapes;
  // A wart of BuildKit's: what directly precedes `${a:-b}` is no part of the words. `x${a:-b}` is the word `b`.
  scan.splitter.discard();
}
