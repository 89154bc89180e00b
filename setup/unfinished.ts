import { within } from '../helpers/deadline.ts';
import { messageOf, TimeoutError } from '../helpers/errors.ts';
import type { Step } from './step.ts';

/** How long steps may take to end once they are aborted, in milliseconds: a command is killed two seconds after TERM. */
export const ABORT_GRACE_MS = 5_000;

/** The steps of a run that have not ended, whether or not set-up still waits for them. */
export class UnfinishedSteps {
  readonly #steps = new Map<Step, Promise<void>>();
  readonly #say: (step: Step, text: string) => void;

  constructor(say: (step: Step, text: string) => void) {
    this.#say = say;
  }

  /** Notes a step until its work has ended; gives the work. */
  watch<T>(step: Step, work: Promise<T>): Promise<T> {
    const forget = (): void => void this.#steps.delete(step);
    // Its failure is for those who wait for the work; of a step that was aborted it says nothing new.
    this.#steps.set(step, work.then(forget, forget));
    return work;
  }

  /** Gives aborted steps the time to end while all that they use is still there. */
  async letEnd(graceMs: number): Promise<void> {
    const ended = (): Promise<unknown> => Promise.all(this.#steps.values());
    await within('aborted steps', graceMs, ended).catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
      for (const step of this.#steps.keys()) {
        this.#say(step, 'does not react to being aborted; what it still acquires is undone');
      }
    });
  }

  /** Calls `undo` whenever one of them has ended after all. */
  undoAfterwards(undo: () => Promise<void>): void {
    for (const [step, ended] of this.#steps) this.undoneLate(step, ended.then(undo));
  }

  /** Reports an undo of what a step acquired too late, should it fail: its run has failed already, for another reason. */
  undoneLate(step: Step, undone: Promise<void>): void {
    const report = (problem: unknown): void =>
      this.#say(step, `what it acquired too late is not undone: ${messageOf(problem)}`);
    void undone.catch(report);
  }
}
