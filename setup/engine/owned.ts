import { HarnessError } from '../../helpers/errors.ts';
import { withDeadline } from './deadline.ts';
import type { Owner, StepName, Undo } from './step.ts';

/** The step that owns resources. */
interface OwningStep extends StepName {
  readonly undoTimeoutMs?: number;
}

/** Default timeout of undoing one resource of a step, in milliseconds. */
export const UNDO_TIMEOUT_MS = 30_000;

/** Thrown if a step acquires a resource after its deadline. */
class StepAbandoned extends HarnessError {
  constructor({ title }: StepName) {
    super('provision', `${title}: set-up no longer waits for this step; what it acquires is undone`);
  }
}

/**
 * The resources of one step, undone in reverse order, each within the step's limit. A resource that a timed-out step
 * acquires later is undone immediately, and the step gets an error.
 */
export class OwnedByStep implements Owner, AsyncDisposable {
  readonly #stack = new AsyncDisposableStack();
  readonly #step: OwningStep;
  readonly #late: (undone: Promise<void>) => void;

  /** `late` is called with the undo of each resource that the step acquired after its deadline. */
  constructor(step: OwningStep, late: (undone: Promise<void>) => void) {
    this.#step = step;
    this.#late = late;
  }

  /** Throws if set-up no longer waits for this step. */
  throwIfClosed(): void {
    if (this.#stack.disposed) throw new StepAbandoned(this.#step);
  }

  defer(undo: Undo): void {
    const { title, undoTimeoutMs = UNDO_TIMEOUT_MS } = this.#step;
    const limited = (): Promise<void> => withDeadline(`${title}: undoing it`, undoTimeoutMs, undo);
    if (this.#stack.disposed) this.#late(limited());
    this.throwIfClosed();
    this.#stack.defer(limited);
  }

  use<T extends AsyncDisposable>(resource: T): T {
    this.defer(() => resource[Symbol.asyncDispose]());
    return resource;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#stack.disposeAsync();
  }
}
