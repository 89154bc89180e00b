/** Longest delay a Node timer takes, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * One timer for any number of deadlines, set for the earliest. What is over before its deadline costs nothing: it is
 * not looked at until the timer fires. The timer keeps no process alive. Times are those of `performance.now()`, so a
 * clock that jumps moves none of them.
 */
export class Deadlines {
  readonly #expire: (now: number) => number;
  #timer: NodeJS.Timeout | undefined;
  #at = Infinity;

  /** `expire` ends what is due and gives the earliest deadline that is left, or Infinity. */
  constructor(expire: (now: number) => number) {
    this.#expire = expire;
  }

  /** Has `expire` called at this time or soon after. */
  watch(at: number): void {
    if (at >= this.#at) return;
    clearTimeout(this.#timer);
    this.#at = at;
    const delay = Math.min(Math.max(Math.ceil(at - performance.now()), 1), LONGEST_MS);
    this.#timer = setTimeout(() => this.#fire(), delay).unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#at = Infinity;
  }

  #fire(): void {
    this.#at = Infinity;
    this.watch(this.#expire(performance.now()));
  }
}
