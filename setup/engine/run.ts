import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { buildDuration, inspect, make, partialOf, prune } from './artefact-cache.ts';
import { unlessAborted } from './deadline.ts';
import type { RunOptions } from './options.ts';
import { OwnedByStep } from './owned.ts';
import { WHAT_CHANGED } from './selection.ts';
import { type ArtefactStep, type Step, type StepContext, withNeeds } from './step.ts';
import { ABORT_GRACE_MS, UnfinishedSteps } from './unfinished.ts';

/** The context that all steps of a run share. */
interface Shared extends Pick<StepContext<never, never>, 'runId' | 'runDir' | 'undoByRemoving'> {
  readonly owned: AsyncDisposableStack;
}

/** What may differ when steps of a run are run again. */
export type ChangedOptions<Config, Host> = Pick<RunOptions<Config, Host>, 'config' | 'progress' | 'signal'>;

/** How a step ended, and how long the build of its artefact took. */
interface Ended {
  readonly outcome: 'kept' | 'done';
  readonly buildMs?: number;
}

/** The steps of one run, and their results. */
export class StepsRun<Config, Host> {
  readonly #shared: Shared;
  readonly #results = new Map<string, unknown>();
  readonly #fingerprints = new Map<string, string>();
  readonly #owners = new Map<string, OwnedByStep>();
  readonly unfinished: UnfinishedSteps;
  #options: RunOptions<Config, Host>;
  #failed = new AbortController();
  #host: Host;

  constructor(options: RunOptions<Config, Host>, shared: Shared) {
    this.#options = options;
    this.#shared = shared;
    this.#host = options.host;
    this.unfinished = new UnfinishedSteps((step, text) => this.#options.progress.said(step, text));
  }

  /**
   * Runs steps of this run again with a changed configuration: builds the artefacts whose inputs have changed, and starts the services anew.
   * The steps that they need must be among them or keep their results. After a failure the steps keep their earlier results, as far as they
   * were not replaced, and can be run again.
   */
  async again(steps: readonly Step<unknown, Config, Host>[], changed: ChangedOptions<Config, Host>): Promise<void> {
    this.#options = { ...this.#options, ...changed };
    this.#failed = new AbortController();
    for (const { id } of [...steps].reverse()) await this.#owners.get(id)?.[Symbol.asyncDispose]();
    await this.all(steps);
  }

  /** Runs steps, each as soon as the steps it needs are done, and waits for all of them. */
  async all(steps: readonly Step<unknown, Config, Host>[]): Promise<void> {
    const running = new Map<string, Promise<void>>();
    for (const step of steps) {
      const needed = step.needs(this.#options.config).map((need) => {
        const promise = running.get(need.id);
        if (promise === undefined && !this.#results.has(need.id))
          throw new Error(`step ${step.id} needs step ${need.id}, which the plan does not list before it`);
        return promise;
      });
      running.set(
        step.id,
        Promise.all(needed).then(() => this.#one(step)),
      );
    }
    const outcomes = await Promise.allSettled(running.values());
    await this.unfinished.letEnd(this.#options.abortGraceMs ?? ABORT_GRACE_MS);
    this.#options.signal.throwIfAborted();
    if (this.#failed.signal.aborted) throw this.#failed.signal.reason;
    const rejected = outcomes.find((outcome) => outcome.status === 'rejected');
    if (rejected) throw rejected.reason;
  }

  /** The result of a step. Throws if the step has none. */
  result<Out>(step: Step<Out, Config, Host>): Out {
    if (!this.#results.has(step.id)) throw new Error(`step ${step.id} has no result: it was not run`);
    return this.#results.get(step.id) as Out;
  }

  async #one(step: Step<unknown, Config, Host>): Promise<void> {
    const begun = performance.now();
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), step.timeoutMs);
    const signal = AbortSignal.any([this.#options.signal, this.#failed.signal, deadline.signal]);
    const { progress } = this.#options;
    let last: string | undefined;
    const say = (text: string): void => {
      last = text;
      progress.said(step, text);
    };
    try {
      signal.throwIfAborted();
      const { buildMs, outcome } = await unlessAborted(
        this.unfinished.watch(step, this.#start(step, signal, say)),
        signal,
      );
      signal.throwIfAborted();
      progress.ended(step, outcome, performance.now() - begun, buildMs);
    } catch (error) {
      progress.ended(step, 'failed', performance.now() - begun);
      const problem = deadline.signal.aborted ? lateness(step.timeoutMs, last) : explain(error);
      this.#failed.abort(new ProvisionError('provision', `set-up failed: ${step.title}: ${problem}`, { cause: error }));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #start(step: Step<unknown, Config, Host>, signal: AbortSignal, say: (text: string) => void): Promise<Ended> {
    const context = this.#contextOf(step, signal, say);
    if (step.kind === 'artefact') return this.#artefact(step, context);
    if (!step.quiet) this.#options.progress.started(step, undefined);
    this.#results.set(step.id, await step.start(context));
    if (step.refreshesHost) this.#host = await this.#options.refreshHost();
    return { outcome: 'done' };
  }

  #contextOf(
    step: Step<unknown, Config, Host>,
    signal: AbortSignal,
    say: (text: string) => void,
  ): StepContext<Config, Host> {
    const owned = this.#shared.owned.use(new OwnedByStep(step, (undone) => this.unfinished.undoneLate(step, undone)));
    this.#owners.set(step.id, owned);
    const { config } = this.#options;
    const needed = new Set(withNeeds(step.needs(config), config).map(({ id }) => id));
    return {
      ...this.#shared,
      config,
      host: this.#host,
      signal,
      owned,
      undoByRemoving: (path) => {
        owned.throwIfClosed();
        this.#shared.undoByRemoving(path);
      },
      say: (text) => {
        owned.throwIfClosed();
        say(text);
      },
      result: (other) => {
        if (!needed.has(other.id)) throw new Error(`step ${step.id} uses ${other.id}, which it does not need`);
        return this.result(other);
      },
    };
  }

  async #artefact(step: ArtefactStep<unknown, Config, Host>, context: StepContext<Config, Host>): Promise<Ended> {
    const { directory, outcome } = await this.#keepOrMake(step, context);
    this.#results.set(step.id, await step.read(directory));
    const buildMs = await buildDuration(directory);
    return buildMs === undefined ? { outcome } : { outcome, buildMs };
  }

  async #keepOrMake(
    step: ArtefactStep<unknown, Config, Host>,
    context: StepContext<Config, Host>,
  ): Promise<{ readonly directory: string; readonly outcome: 'kept' | 'done' }> {
    const state = await inspect(step, { ...this.#options, host: context.host }, this.#fingerprints);
    this.#fingerprints.set(step.id, state.fingerprint);
    const { may, must } = this.#options.selected ?? WHAT_CHANGED;
    if (state.why === undefined && !must(step.id)) return { directory: state.directory, outcome: 'kept' };
    if (!may(step.id)) {
      throw new ProvisionError(
        'provision',
        `${step.id} must be built (${state.why}), but is not among the steps of --from or --only`,
      );
    }
    this.#options.progress.started(step, state.why ?? 'requested by --force');
    context.undoByRemoving(partialOf(state, context.runId));
    const replace = state.why === undefined || state.outdated === true;
    const fill = async (directory: string): Promise<void> => {
      await step.make(directory, context);
      // The abort signal is checked first: the directory of a timed-out step may have been removed while it worked.
      context.signal.throwIfAborted();
    };
    await make(state, context.runId, fill, { replace });
    await prune(state, step);
    return { directory: state.directory, outcome: 'done' };
  }
}

/** Describes a step that exceeded its limit: the limit, and the step's last progress text. */
function lateness(timeoutMs: number, last: string | undefined): string {
  return `not done within ${timeoutMs / 1_000} s${last === undefined ? '' : `; last: ${last}`}`;
}

function explain(error: unknown): string {
  const message = messageOf(error);
  // ENOSPC can come from this process, or from the output of a tool.
  const full = (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' || /no space left on device/i.test(message);
  return full ? `disk full: ${message}` : message;
}
