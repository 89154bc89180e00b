import { within } from '../helpers/deadline.ts';
import { DisposeStack, type Undo } from '../helpers/dispose.ts';
import { HarnessError } from '../helpers/errors.ts';
import type { Step } from './step.ts';

/** How long one undo of a step may take where the step names no limit, in milliseconds. */
export const UNDO_TIMEOUT_MS = 30_000;

/** A step that set-up has given up on asks for something. */
class StepAbandoned extends HarnessError {
  constructor({ title }: Pick<Step, 'title'>) {
    super('provision', `${title}: set-up no longer waits for this step; what it acquires is undone`);
  }
}

/**
 * What one step owns: undone in reverse order, each undo within the step's limit. A step that was given up on may acquire
 * something after that: it is undone at once, and the step gets an error.
 */
export class OwnedByStep extends DisposeStack {
  readonly #step: Pick<Step, 'title' | 'undoTimeoutMs'>;
  readonly #late: (undone: Promise<void>) => void;
  #closed = false;

  /** `late` is given the undo of each thing that was acquired too late. */
  constructor(step: Pick<Step, 'title' | 'undoTimeoutMs'>, late: (undone: Promise<void>) => void) {
    super();
    this.#step = step;
    this.#late = late;
  }

  /** Throws when set-up no longer waits for the step. */
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
