import { within } from '../../helpers/deadline.ts';
import { DisposeStack, type Undo } from '../../helpers/dispose.ts';
import { HarnessError } from '../../helpers/errors.ts';
import type { StepName } from './step.ts';

/** The step, as its resources need it. */
interface Owner extends StepName {
  readonly undoTimeoutMs?: number;
}

/** Default timeout of one undo of a step, in milliseconds. */
export const UNDO_TIMEOUT_MS = 30_000;

/** Thrown if a timed-out step acquires something. */
class StepAbandoned extends HarnessError {
  constructor({ title }: StepName) {
    super('provision', `${title}: set-up no longer waits for this step; what it acquires is undone`);
  }
}

/**
 * The resources of one step, undone in reverse order, each within the step's limit. What a timed-out step acquires
 * later is undone immediately, and the step gets an error.
 */
export class OwnedByStep extends DisposeStack {
  readonly #step: Owner;
  readonly #late: (undone: Promise<void>) => void;
  #closed = false;

  /** `late` is called with the undo of each resource that was acquired too late. */
  constructor(step: Owner, late: (undone: Promise<void>) => void) {
    super();
    this.#step = step;
    this.#late = late;
  }

  /** Throws if set-up no longer waits for the step. */
  throwIfClosed(): void {
    if (this.#closed) throw new StepAbandoned(this.#step);
  }

  override defer(undo: Undo): void {
    const { title, undoTimeoutMs = UNDO_TIMEOUT_MS } = this.#step;
    const limited = (): Promise<void> => within(`${title}: undoing it`, undoTimeoutMs, undo);
    if (this.#closed) this.#late(limited());
    this.throwIfClosed();
    super.defer(limited);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await super[Symbol.asyncDispose]();
  }
}
