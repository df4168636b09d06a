import { setFlagsFromString } from 'node:v8';

/**
 * What was just made, V8 keeps in a space that it doubles again and again, up to twice 64 MiB, when much is made: in builds of
 * thousands of steps. Kept as it is, such a build takes about as long, and 170 MiB and not 300; small builds take 5 ms longer,
 * so it is not for them. What V8 has compiled must not be written down meanwhile: it would take it for another version's.
 */
export class SmallNewSpace implements Disposable {
  constructor() {
    setFlagsFromString('--semi-space-growth-factor=1');
  }

  /** Lets it grow again, as V8 has it. */
  [Symbol.dispose](): void {
    setFlagsFromString('--semi-space-growth-factor=2');
  }
}
