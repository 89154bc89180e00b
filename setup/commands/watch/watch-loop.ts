import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, messageOf } from '../../../helpers/errors.ts';
import { BuiltTarget } from './built-target.ts';
import { failureText } from './failure-text.ts';
import type { RunAction } from './requests.ts';
import { type Ask, SpecRuns, type SpecRunsOptions } from './spec-runs.ts';
import type { Specs } from './specs.ts';
import { AT_START, type Effect, next, type WatchEvent, type WatchState } from './state.ts';
import type { Wanted } from './what-runs.ts';

/** What a watch works with. */
export interface WatchOptions extends SpecRunsOptions {
  /** Directory of the checkout. */
  readonly checkout: string;
  readonly log: (line: string) => void;
  /** Called if the first set-up fails for a reason that no change of the agent mends. */
  readonly onFailure: (error: unknown) => void;
}

/** How long tests may take to end when the watch ends, in milliseconds. */
const CANCEL_MS = 5_000;

const NOTHING_FAILED = 'no spec file is chosen, and none failed in its last run: a runs all of them';
const NOTHING_CONCERNED = 'no spec file that has run calls what changed: r runs the chosen ones, a all of them';

/** Builds the agent and runs specs, one after the other, as files are saved and keys are pressed. Disposing ends both and undoes set-up. */
export class WatchLoop implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #target: BuiltTarget;
  readonly #specs: Specs;
  readonly #runs: SpecRuns;
  readonly #end = new AbortController();
  #state: WatchState = AT_START;
  #saved: { readonly what: string; readonly at: number } | undefined;
  #outdated = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#specs = options.specs;
    this.#target = new BuiltTarget(options.checkout);
    this.#runs = new SpecRuns(options);
  }

  /** Sets up the target, and runs the chosen specs; without a choice those that failed last. */
  start(): void {
    this.#dispatch({ type: 'source saved' });
  }

  /** Files of the checkout were saved. */
  sourceSaved(paths: readonly string[]): void {
    // Editors write to other names first, and rename.
    const present = paths.filter((path) => existsSync(path));
    this.#notice(present.length > 0 ? present : paths, this.#options.checkout);
    this.#dispatch({ type: 'source saved' });
  }

  /** Files of this project were saved. */
  async specsSaved(paths: readonly string[]): Promise<void> {
    const { root } = this.#specs;
    const wanted = new Map<string, readonly string[]>();
    for (const path of paths) {
      const name = relative(root, path);
      for (const file of await this.#specs.saved(path))
        wanted.set(file, [...(wanted.get(file) ?? []), file === name ? 'saved' : `uses ${name}, which was saved`]);
    }
    if (wanted.size === 0) return;
    this.#notice(paths, root);
    if (this.#state.broken) this.#options.log('the specs run when there is a new agent; r runs them now');
    this.#dispatch({ type: 'specs saved', wanted });
  }

  /** The user requests something. */
  async request(action: RunAction | 'build' | 'cancel', ask: Ask): Promise<void> {
    const { log } = this.#options;
    if (action === 'build') return this.#dispatch({ type: 'source saved' });
    if (action === 'cancel') return this.#dispatch({ type: 'cancelled' });
    if (this.#target.session === undefined) return log('no specs can run before set-up has succeeded');
    const wanted = await this.#runs.requested(action, ask);
    if (wanted === undefined) return;
    if (typeof wanted === 'string') return log(wanted);
    this.#saved = undefined;
    this.#dispatch({ type: 'requested', wanted });
  }

  #notice(paths: readonly string[], root: string): void {
    const [first, ...others] = paths.map((path) => relative(root, path));
    if (first === undefined) return;
    const what = others.length === 0 ? first : `${first} and ${others.length} more`;
    this.#saved ??= { what, at: performance.now() };
    this.#options.log(`saved: ${what}`);
  }

  #dispatch(event: WatchEvent): void {
    if (this.#end.signal.aborted) return;
    const before = this.#state.activity;
    const [state, effects] = next(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    if (before !== 'idle' && state.activity === 'idle' && !state.broken) this.#work = this.#wait();
  }

  #perform(effect: Effect): void {
    if (effect === 'abort build' || effect === 'cancel run') {
      this.#outdated.abort(new Error('outdated'));
      return;
    }
    this.#outdated = new AbortController();
    const signal = AbortSignal.any([this.#end.signal, this.#outdated.signal]);
    this.#work = effect === 'build' ? this.#build(signal) : this.#run(effect.run, signal);
  }

  async #build(signal: AbortSignal): Promise<void> {
    const first = this.#target.session === undefined;
    try {
      this.#dispatch({ type: 'built', wanted: await this.#update(first, signal) });
    } catch (error) {
      if (!signal.aborted) this.#explain(error, first);
      this.#dispatch({ type: 'built' });
    }
  }

  /** Builds the agent, and decides what runs. */
  async #update(first: boolean, signal: AbortSignal): Promise<Wanted> {
    const { log } = this.#options;
    const changed = await this.#target.update(signal);
    if (changed === undefined) {
      log('the agent is built from these files already');
      return new Map();
    }
    const wanted = first ? await this.#runs.first() : await this.#runs.after(changed, this.#session().target);
    // With specs to run, a first guest starts beside them.
    if (wanted.size === 0) await this.#target.check(signal);
    if (wanted.size === 0) log(first ? NOTHING_FAILED : NOTHING_CONCERNED);
    return wanted;
  }

  #session(): NonNullable<BuiltTarget['session']> {
    const { session } = this.#target;
    if (session === undefined) throw new HarnessError('watch', 'there is no target yet');
    return session;
  }

  #explain(error: unknown, first: boolean): void {
    const { log, onFailure } = this.#options;
    const text = failureText(error, { first });
    this.#saved = undefined;
    if (text === undefined) onFailure(error);
    else log(text);
  }

  async #run(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { log } = this.#options;
    let left: Wanted = new Map();
    const unusable = new AbortController();
    const checked = this.#target.check(signal).catch((error: unknown) => unusable.abort(error));
    try {
      for (const [file, reasons] of wanted) log(`${file}: ${reasons.join('; ')}`);
      const { target } = this.#session();
      const ending = AbortSignal.any([signal, unusable.signal]);
      left = await this.#runs.run(wanted, { target, timings: this.#target.takeTimings(), signal: ending });
      await checked;
      if (!ending.aborted && this.#saved !== undefined) {
        const { at, what } = this.#saved;
        log(`verdict ${((performance.now() - at) / 1_000).toFixed(1)} s after ${what} was saved`);
      }
    } catch (error) {
      log(`the specs could not run: ${messageOf(error)}`);
    }
    await checked;
    const { reason } = unusable.signal;
    const broken = unusable.signal.aborted && !signal.aborted;
    if (broken) this.#explain(reason, false);
    this.#dispatch({ type: 'ended', unfinished: broken ? wanted : left, broken });
  }

  /** Says that nothing is going on, and what else could run. */
  async #wait(): Promise<void> {
    this.#saved = undefined;
    const others = await this.#runs.others();
    const more = others === 0 ? '' : `${others} other spec files have not run with this agent: o runs them. `;
    this.#options.log(`${more}Waiting for a saved file; h shows the keys`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort(new Error('the watch ended'));
    // A build undoes what it has begun. Tests that do not end are killed when set-up is undone.
    await (this.#state.activity === 'running' ? Promise.race([this.#work, delay(CANCEL_MS)]) : this.#work);
    await this.#target[Symbol.asyncDispose]();
  }
}
