import { performance } from 'node:perf_hooks';
import { DefaultRenderer, Listr, type ListrTask, type ListrTaskWrapper, SimpleRenderer } from 'listr2';
import type { StepName } from './step.ts';

/** Receives the progress of set-up. */
export interface Progress {
  started(step: StepName, why: string | undefined): void;
  said(step: StepName, text: string): void;
  /** `buildMs`, of an artefact, is how long its build took, in this run or an earlier one; absent if unknown. */
  ended(step: StepName, outcome: 'kept' | 'done' | 'failed', durationMs: number, buildMs?: number): void;
}

/** Display of set-up's progress; closing it removes live output and leaves a summary line. */
export interface Display extends Progress {
  close(outcome: 'ready' | 'failed'): void;
}

/** Displays progress as plain lines, one per event, for CI and for output to a file. */
export function plainProgress(write: (line: string) => void): Display {
  const begun = performance.now();
  let kept = 0;
  return {
    started: (step, why) => write(`set-up: ${step.title}${why === undefined ? '' : ` (${why})`}`),
    said: (step, text) => write(`set-up: ${step.title}: ${text}`),
    ended: (step, outcome, durationMs) => {
      if (outcome === 'kept') kept += 1;
      else if (outcome === 'done' && durationMs > 1_000) write(`set-up: ${step.title}: done in ${seconds(durationMs)}`);
    },
    close: (outcome) => {
      const took = seconds(performance.now() - begun);
      if (outcome === 'ready') write(`set-up: ready in ${took}, ${kept} artefacts reused`);
    },
  };
}

/** Displays progress as live lines on a terminal, by listr2: one line per step, with its current progress text. */
export function liveProgress(steps: readonly StepName[]): Display {
  const tasks = new Map(steps.map((step) => [step.id, new Deferred()]));
  const list = new Listr(
    steps.map((step): ListrTask => {
      const deferred = tasks.get(step.id);
      return {
        title: step.title,
        task: (_context, wrapper) => deferred?.attach(wrapper),
      };
    }),
    { concurrent: true, exitOnError: false, renderer: DefaultRenderer, fallbackRenderer: SimpleRenderer },
  );
  const shown = list.run();
  return {
    started: (step, why) => tasks.get(step.id)?.say(why),
    said: (step, text) => tasks.get(step.id)?.say(text),
    ended: (step, outcome) => tasks.get(step.id)?.end(outcome),
    close: () => {
      for (const task of tasks.values()) task.end('done');
      void shown;
    },
  };
}

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

/** A listr2 task that is ended by a method call. */
class Deferred {
  readonly #ended: Promise<void>;
  #resolveConfig: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #wrapper: Wrapper | undefined;

  constructor() {
    this.#ended = new Promise((resolve, reject) => {
      this.#resolveConfig = { resolve, reject };
    });
    // Prevents an unhandled rejection: listr2 handles the task's rejection only if it shows the task.
    this.#ended.catch(() => {});
  }

  attach(wrapper: Wrapper): Promise<void> {
    this.#wrapper = wrapper;
    return this.#ended;
  }

  say(text: string | undefined): void {
    if (this.#wrapper && text !== undefined) this.#wrapper.output = text;
  }

  end(outcome: 'kept' | 'done' | 'failed'): void {
    if (outcome === 'failed') this.#resolveConfig?.reject(new Error('failed'));
    else this.#resolveConfig?.resolve();
  }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}
