import { messageOf, TimeoutError } from '../../helpers/errors.ts';
import { withDeadline } from './deadline.ts';
import type { StepName } from './step.ts';

/** How long aborted steps may take to end, in milliseconds: a command is killed two seconds after SIGTERM. */
export const ABORT_GRACE_MS = 5_000;

/** The steps of a run that have not ended, whether or not set-up still waits for them. */
export class UnfinishedSteps {
  readonly #steps = new Map<StepName, Promise<void>>();
  readonly #say: (step: StepName, text: string) => void;

  constructor(say: (step: StepName, text: string) => void) {
    this.#say = say;
  }

  /** Tracks a step until its work has ended; returns the work. */
  watch<T>(step: StepName, work: Promise<T>): Promise<T> {
    const forget = (): void => void this.#steps.delete(step);
    // The work's failure is ignored here: callers that wait for the work handle it, and the failure of an aborted step
    // has no new information.
    this.#steps.set(step, work.then(forget, forget));
    return work;
  }

  /** Waits for aborted steps to end before the resources they use are undone. */
  async letEnd(graceMs: number): Promise<void> {
    const ended = (): Promise<unknown> => Promise.all(this.#steps.values());
    await withDeadline('aborted steps', graceMs, ended).catch((error: unknown) => {
      if (!(error instanceof TimeoutError)) throw error;
      for (const step of this.#steps.keys()) {
        this.#say(step, 'ignores its abort signal; what it still acquires is undone');
      }
    });
  }

  /** Calls `undo` each time an unfinished step ends. */
  undoAfterwards(undo: () => Promise<void>): void {
    for (const [step, ended] of this.#steps) this.undoneLate(step, ended.then(undo));
  }

  /**
   * Reports the failed undo of a resource that a step acquired after its deadline; the run itself has already failed
   * for another reason.
   */
  undoneLate(step: StepName, undone: Promise<void>): void {
    const report = (problem: unknown): void =>
      this.#say(step, `the undo of what it acquired too late failed: ${messageOf(problem)}`);
    void undone.catch(report);
  }
}
