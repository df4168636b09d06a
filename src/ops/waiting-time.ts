/** A program that takes longer than this is waited for anyway, in ms. */
const pause = 30;

/** The time in which programs run, and nothing is to be done: none was started for a while. */
export class WaitingTime {
  readonly #use: () => void;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param use called at its beginning; again if others are started later */
  constructor(use: () => void) {
    this.#use = use;
  }

  /** To be called before a program is started, and disposed of when it has ended. */
  enter(): Disposable {
    this.#running++;
    if (this.#timer) this.#timer.refresh();
    else this.#timer = setTimeout(this.#use, pause);
    return {
      [Symbol.dispose]: () => {
        if (--this.#running > 0) return;
        clearTimeout(this.#timer);
        this.#timer = undefined;
      },
    };
  }
}
