/** Longest delay of a Node.js timer, in milliseconds. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * One timer for any number of deadlines, set to the earliest. A call that ends before its deadline costs nothing: the
 * deadlines are examined only when the timer fires. The timer does not keep the process alive. Times are as of
 * `performance.now()`, so a system clock that jumps does not move them.
 */
export class Deadlines {
  readonly #expire: (now: number) => number;
  #timer: NodeJS.Timeout | undefined;
  #at = Infinity;

  /** `expire` ends the calls whose deadline has passed and returns the earliest remaining deadline, or Infinity. */
  constructor(expire: (now: number) => number) {
    this.#expire = expire;
  }

  /** Schedules a call of `expire` at the deadline `at` or soon after. */
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
