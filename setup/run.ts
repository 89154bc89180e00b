import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DisposeStack } from '../helpers/dispose.ts';
import { messageOf, ProvisionError } from '../helpers/errors.ts';
import { labelProcess } from '../helpers/label.ts';
import { inspect, make, partialOf, prune } from './artefact-cache.ts';
import { journalDir } from './config.ts';
import { type Host, probeHost } from './host.ts';
import { CONTAINERD_SOCKET } from './installation/containerd.ts';
import { Journal } from './journal.ts';
import { type Selection, WHAT_CHANGED } from './selection.ts';
import type { Settled } from './settle.ts';
import type { ArtefactStep, Step, StepContext } from './step.ts';

/** Where every run has its directory: short, because unix sockets live there (108 bytes). */
export const RUN_ROOT = '/run/kata-cc';

/** What is told while set-up goes on. */
export interface Progress {
  started(step: Step, why: string | undefined): void;
  said(step: Step, text: string): void;
  ended(step: Step, outcome: 'kept' | 'done' | 'failed', durationMs: number): void;
}

/** What set-up has made, until it is disposed. */
export interface World extends AsyncDisposable {
  readonly runId: string;
  readonly runDir: string;
  result<Out>(step: Step<Out>): Out;
}

/**
 * Carries out steps, each as soon as what it needs is there. When one fails, or `signal` aborts, the others are
 * aborted, everything is undone, and then this rejects: with {@link ProvisionError}, or the signal's reason.
 */
export async function provision(
  steps: readonly Step[],
  options: { config: Settled; host: Host; progress: Progress; signal: AbortSignal; selected?: Selection },
): Promise<World> {
  const runId = randomBytes(3).toString('hex');
  const runDir = join(RUN_ROOT, runId);
  const journal = await Journal.open(journalDir(options.config), runId);
  const owned = new DisposeStack();
  owned.defer(() => journal.replay());
  try {
    journal.record({ undo: 'remove-path', path: runDir });
    journal.record({ undo: 'remove-cgroup', cgroup: `kata-cc/${runId}` });
    // Sandboxes are the machine's containerd's, not ours to kill; they go once nobody starts more.
    if (options.config.target === 'kata') {
      journal.record({ undo: 'remove-containers', socket: CONTAINERD_SOCKET, runId });
    }
    journal.record({ undo: 'kill-processes', runId });
    labelProcess(runId);
    await mkdir(runDir, { recursive: true, mode: 0o700 });
    const results = await new Run(options, {
      runId,
      runDir,
      owned,
      undoByRemoving: (path) => journal.record({ undo: 'remove-path', path }),
    }).all(steps);
    let undone: Promise<void> | undefined;
    return {
      runId,
      runDir,
      result: <Out>(step: Step<Out>) => results.get(step.id) as Out,
      // An interrupt and the regular end may both ask for it: whoever comes second waits for the same.
      [Symbol.asyncDispose]: () => {
        undone ??= owned[Symbol.asyncDispose]();
        return undone;
      },
    };
  } catch (error) {
    await owned[Symbol.asyncDispose]();
    throw error;
  }
}

type Options = Parameters<typeof provision>[1];
type Place = Pick<StepContext, 'runId' | 'runDir' | 'owned' | 'undoByRemoving'>;

class Run {
  readonly #options: Options;
  readonly #place: Place;
  readonly #results = new Map<string, unknown>();
  readonly #fingerprints = new Map<string, string>();
  readonly #failed = new AbortController();
  #host: Host;

  constructor(options: Options, place: Place) {
    this.#options = options;
    this.#place = place;
    this.#host = options.host;
  }

  async all(steps: readonly Step[]): Promise<ReadonlyMap<string, unknown>> {
    const running = new Map<string, Promise<void>>();
    for (const step of steps) {
      const needed = step.needs.map((need) => {
        const promise = running.get(need.id);
        if (promise === undefined) throw new Error(`step ${step.id} needs ${need.id}, which is not planned before it`);
        return promise;
      });
      running.set(
        step.id,
        Promise.all(needed).then(() => this.#one(step)),
      );
    }
    const outcomes = await Promise.allSettled(running.values());
    this.#options.signal.throwIfAborted();
    if (this.#failed.signal.aborted) throw this.#failed.signal.reason;
    const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
    if (rejected) throw rejected.reason;
    return this.#results;
  }

  async #one(step: Step): Promise<void> {
    const begun = performance.now();
    const deadline = AbortSignal.timeout(step.timeoutMs);
    const signal = AbortSignal.any([this.#options.signal, this.#failed.signal, deadline]);
    const { progress } = this.#options;
    try {
      signal.throwIfAborted();
      const outcome = await this.#carryOut(step, signal);
      signal.throwIfAborted();
      progress.ended(step, outcome, performance.now() - begun);
    } catch (error) {
      progress.ended(step, 'failed', performance.now() - begun);
      const problem = deadline.aborted ? `not done within ${step.timeoutMs / 1000} s` : explain(error);
      this.#failed.abort(new ProvisionError('provision', `set-up failed: ${step.title}: ${problem}`, { cause: error }));
      throw error;
    }
  }

  async #carryOut(step: Step, signal: AbortSignal): Promise<'kept' | 'done'> {
    const context: StepContext = {
      ...this.#place,
      config: this.#options.config,
      host: this.#host,
      signal,
      say: (text) => this.#options.progress.said(step, text),
      result: (needed) => this.#results.get(needed.id) as never,
    };
    if (step.kind === 'artefact') return this.#artefact(step, context);
    if (!step.quiet) this.#options.progress.started(step, undefined);
    this.#results.set(step.id, await step.start(context));
    if (step.id === 'packages') this.#host = await probeHost(this.#options.config.cacheDir);
    return 'done';
  }

  async #artefact(step: ArtefactStep, context: StepContext): Promise<'kept' | 'done'> {
    const needed = step.needs.flatMap(({ id }) => {
      const fingerprint = this.#fingerprints.get(id);
      return fingerprint === undefined ? [] : [[id, fingerprint] as const];
    });
    const state = await inspect(step, context.config, context.host, Object.fromEntries(needed));
    this.#fingerprints.set(step.id, state.fingerprint);
    this.#results.set(step.id, state.directory);
    const { may, must } = this.#options.selected ?? WHAT_CHANGED;
    if (state.why === undefined && !must(step.id)) return 'kept';
    if (!may(step.id)) {
      throw new ProvisionError('provision', `${step.id} would have to be made (${state.why}), and was not asked for`);
    }
    this.#options.progress.started(step, state.why ?? 'asked for');
    context.undoByRemoving(partialOf(state, context.runId));
    const replace = state.why === undefined || state.outdated === true;
    await make(state, context.runId, (directory) => step.make(directory, context), { replace });
    await prune(state, step);
    return 'done';
  }
}

function explain(error: unknown): string {
  const message = messageOf(error);
  // Of our own doing, or said by a tool we run.
  const full = (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' || /no space left on device/i.test(message);
  return full ? `disk full: ${message}` : message;
}
