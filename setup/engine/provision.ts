import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessAborted } from '../../helpers/deadline.ts';
import { DisposeStack, makeOrUndo } from '../../helpers/dispose.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { labelProcess } from '../../helpers/process/run-label.ts';
import { journalDir } from '../config/config.ts';
import type { ResolvedConfig } from '../config/resolve.ts';
import { type Host, probeHost } from '../host/probe.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import { withUsualUmask } from '../umask.ts';
import { inspect, make, partialOf, prune } from './artefact-cache.ts';
import { startBundler } from './code-inputs.ts';
import { Journal } from './journal.ts';
import { OwnedByStep } from './owned.ts';
import { type Selection, WHAT_CHANGED } from './selection.ts';
import type { ArtefactStep, Step, StepContext } from './step.ts';
import { ABORT_GRACE_MS, UnfinishedSteps } from './unfinished.ts';

/** Parent of the run directories: short, because they contain unix sockets (108 bytes). */
export const RUN_ROOT = '/run/kata-cc';

/** Receives the progress of set-up. */
export interface Progress {
  started(step: Step, why: string | undefined): void;
  said(step: Step, text: string): void;
  ended(step: Step, outcome: 'kept' | 'done' | 'failed', durationMs: number): void;
}

/** What set-up created, until it is disposed. */
export interface Session extends AsyncDisposable {
  readonly runId: string;
  readonly runDir: string;
  result<Out>(step: Step<Out>): Out;
}

/**
 * Runs steps, each as soon as the steps it needs are done. If one fails or exceeds its limit, or `signal` aborts, it
 * aborts the others, undoes everything, and rejects with {@link ProvisionError} or the signal's reason.
 */
export async function provision(
  steps: readonly Step[],
  options: {
    readonly config: ResolvedConfig;
    readonly host: Host;
    readonly progress: Progress;
    readonly signal: AbortSignal;
    readonly selected?: Selection;
    /** Timeout of aborted steps to end, in milliseconds; 5 s by default. */
    readonly abortGraceMs?: number;
  },
): Promise<Session> {
  const runId = randomBytes(3).toString('hex');
  const runDir = join(RUN_ROOT, runId);
  const journal = await Journal.open(journalDir(options.config), runId);
  const owned = new DisposeStack();
  const run = new Run(options, {
    runId,
    runDir,
    owned,
    undoByRemoving: (path) => journal.record({ undo: 'remove-path', path }),
  });
  owned.defer(async () => {
    await journal.replay();
    run.unfinished.undoAfterwards(() => journal.replayAgain());
  });
  return makeOrUndo(
    async () => {
      journal.record({ undo: 'remove-path', path: runDir });
      journal.record({ undo: 'remove-cgroup', cgroup: `kata-cc/${runId}` });
      // The machine's containerd owns the sandboxes; they are removed once no process of the run can start more.
      if (options.config.target === 'kata') {
        journal.record({ undo: 'remove-containers', socket: CONTAINERD_SOCKET, runId });
      }
      journal.record({ undo: 'kill-processes', runId });
      await startBundler();
      labelProcess(runId);
      await mkdir(runDir, { recursive: true, mode: 0o700 });
      const results = await withUsualUmask(() => run.all(steps));
      let undone: Promise<void> | undefined;
      return {
        runId,
        runDir,
        result: <Out>(step: Step<Out>) => results.get(step.id) as Out,
        // An interrupt and the regular end may both dispose: the second call waits for the first.
        [Symbol.asyncDispose]: () => {
          undone ??= owned[Symbol.asyncDispose]();
          return undone;
        },
      };
    },
    () => owned[Symbol.asyncDispose](),
  );
}

type Options = Parameters<typeof provision>[1];
type Place = Pick<StepContext, 'runId' | 'runDir' | 'undoByRemoving'> & { readonly owned: DisposeStack };

class Run {
  readonly #options: Options;
  readonly #place: Place;
  readonly #results = new Map<string, unknown>();
  readonly #fingerprints = new Map<string, string>();
  readonly #failed = new AbortController();
  readonly unfinished: UnfinishedSteps;
  #host: Host;

  constructor(options: Options, place: Place) {
    this.#options = options;
    this.#place = place;
    this.#host = options.host;
    this.unfinished = new UnfinishedSteps((step, text) => options.progress.said(step, text));
  }

  async all(steps: readonly Step[]): Promise<ReadonlyMap<string, unknown>> {
    const running = new Map<string, Promise<void>>();
    for (const step of steps) {
      const needed = step.needs.map((need) => {
        const promise = running.get(need.id);
        if (promise === undefined)
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
    return this.#results;
  }

  async #one(step: Step): Promise<void> {
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
      const outcome = await unlessAborted(this.unfinished.watch(step, this.#runSteps(step, signal, say)), signal);
      signal.throwIfAborted();
      progress.ended(step, outcome, performance.now() - begun);
    } catch (error) {
      progress.ended(step, 'failed', performance.now() - begun);
      const problem = deadline.signal.aborted ? lateness(step, last) : explain(error);
      this.#failed.abort(new ProvisionError('provision', `set-up failed: ${step.title}: ${problem}`, { cause: error }));
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  async #runSteps(step: Step, signal: AbortSignal, say: (text: string) => void): Promise<'kept' | 'done'> {
    const owned = this.#place.owned.use(new OwnedByStep(step, (undone) => this.unfinished.undoneLate(step, undone)));
    const context: StepContext = {
      ...this.#place,
      config: this.#options.config,
      host: this.#host,
      signal,
      owned,
      undoByRemoving: (path) => {
        owned.throwIfClosed();
        this.#place.undoByRemoving(path);
      },
      say: (text) => {
        owned.throwIfClosed();
        say(text);
      },
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
    const fill = async (directory: string): Promise<void> => {
      await step.make(directory, context);
      // The directory of a timed-out step may have been removed while it worked.
      context.signal.throwIfAborted();
    };
    await make(state, context.runId, fill, { replace });
    await prune(state, step);
    return 'done';
  }
}

/** Error of a step that exceeded its limit: the limit, and its last progress text. */
function lateness({ timeoutMs }: Step, last: string | undefined): string {
  return `not done within ${timeoutMs / 1_000} s${last === undefined ? '' : `; last: ${last}`}`;
}

function explain(error: unknown): string {
  const message = messageOf(error);
  // From this process, or from the output of a tool.
  const full = (error as NodeJS.ErrnoException | null)?.code === 'ENOSPC' || /no space left on device/i.test(message);
  return full ? `disk full: ${message}` : message;
}
