import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, messageOf } from '../../../helpers/errors.ts';
import type { TargetedConfig } from '../../config/validated.ts';
import { BuiltTarget } from './built-target.ts';
import { compilerText } from './compiler-text.ts';
import { type Memory, remember, unfinished } from './memory.ts';
import { keep, readReport } from './memory-file.ts';
import {
  answered,
  failedFiles,
  filesFor,
  type KnownSpecs,
  NOTHING_TO_RUN,
  questionFor,
  type RunAction,
} from './requests.ts';
import type { SpecChoice, Specs } from './specs.ts';
import { AT_START, type Effect, next, type WatchEvent, type WatchState } from './state.ts';
import { because, type Wanted, whatRuns } from './what-runs.ts';

/** What a watch works with. */
export interface WatchOptions {
  readonly config: TargetedConfig;
  /** Directory of the checkout. */
  readonly checkout: string;
  readonly specs: Specs;
  readonly memory: Memory;
  readonly choice: SpecChoice;
  /** Commit of this project. */
  readonly commit: string;
  readonly log: (line: string) => void;
  /** Called if the first set-up fails for a reason that no change of the agent mends. */
  readonly onFailure: (error: unknown) => void;
}

/** How long tests may take to end when the watch ends, in milliseconds. */
const CANCEL_MS = 5_000;

const REQUESTED_BY: Readonly<Record<RunAction, string>> = {
  ...{ all: 'key a', again: 'key r', failed: 'key f', others: 'key o', file: 'key p', name: 'key t' },
};

/** Builds the agent and runs specs, one after the other, as files are saved and keys are pressed. Disposing ends both and undoes set-up. */
export class WatchLoop implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #target: BuiltTarget;
  readonly #ran = new Set<string>();
  readonly #end = new AbortController();
  #state: WatchState = AT_START;
  #memory: Memory;
  #choice: SpecChoice;
  #last: readonly string[] = [];
  #saved: { readonly what: string; readonly at: number } | undefined;
  #outdated = new AbortController();
  #work: Promise<void> = Promise.resolve();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#memory = options.memory;
    this.#choice = options.choice;
    this.#target = new BuiltTarget(options.checkout);
  }

  /** Sets up the target, and runs the chosen specs; without a choice those that failed last. */
  start(): void {
    this.#dispatch({ type: 'source saved' });
  }

  /** Files of the checkout were saved. */
  sourceSaved(paths: readonly string[]): void {
    // Editors write to other names first, and rename.
    const present = paths.filter((path) => existsSync(path));
    const { checkout } = this.#options;
    this.#notice((present.length > 0 ? present : paths).map((path) => relative(checkout, path)));
    this.#dispatch({ type: 'source saved' });
  }

  /** Files of this project were saved. */
  async specsSaved(paths: readonly string[]): Promise<void> {
    const { log, specs } = this.#options;
    const wanted = new Map<string, readonly string[]>();
    for (const path of paths) {
      const name = relative(specs.root, path);
      for (const file of await specs.saved(path))
        wanted.set(file, [...(wanted.get(file) ?? []), file === name ? 'saved' : `uses ${name}, which was saved`]);
    }
    if (wanted.size === 0) return;
    this.#notice(paths.map((path) => relative(specs.root, path)));
    if (this.#state.broken) log('the specs run when there is a new agent; r runs them with the agent before');
    this.#dispatch({ type: 'specs saved', wanted });
  }

  /** The user requests something; `ask` asks for a line of text. */
  async request(
    action: RunAction | 'build' | 'cancel',
    ask: (question: string) => Promise<string | undefined>,
  ): Promise<void> {
    const { log } = this.#options;
    if (action === 'build') return this.#dispatch({ type: 'source saved' });
    if (action === 'cancel') return this.#dispatch({ type: 'cancelled' });
    if (this.#target.session === undefined) return log('no specs can run before set-up has succeeded');
    let choice = action === 'all' ? { files: [], name: undefined } : this.#choice;
    if (action === 'file' || action === 'name') {
      const answer = await ask(questionFor(action));
      if (answer === undefined) return;
      choice = answered(action, answer, choice);
    }
    const files = filesFor(action, await this.#known(choice));
    if (files.length === 0) return log(NOTHING_TO_RUN[action]);
    this.#choice = choice;
    this.#saved = undefined;
    const named = choice.name === undefined ? '' : `, tests that match ${choice.name}`;
    this.#dispatch({ type: 'requested', wanted: because(files, `requested by ${REQUESTED_BY[action]}${named}`) });
  }

  async #known(choice = this.#choice): Promise<KnownSpecs> {
    const { specs } = this.#options;
    const known = { all: await specs.matching(), last: this.#last, memory: this.#memory, ran: this.#ran };
    return choice.files.length === 0 && choice.name === undefined
      ? known
      : { ...known, chosen: await specs.matching(choice.files) };
  }

  #notice(names: readonly string[]): void {
    const [first, ...others] = names;
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
      const changed = await this.#target.update(signal);
      const wanted = first ? await this.#firstRun() : changed === undefined ? new Map() : await this.#runFor(changed);
      if (changed === undefined) this.#options.log('the agent is built from these files already');
      this.#dispatch({ type: 'built', wanted });
    } catch (error) {
      if (!signal.aborted) this.#explain(error, first);
      this.#dispatch({ type: 'built' });
    }
  }

  async #firstRun(): Promise<Wanted> {
    const { all, chosen } = await this.#known();
    if (chosen !== undefined) return because(chosen, 'chosen, for the first run');
    const failed = failedFiles(this.#memory, all);
    if (failed.length === 0)
      this.#options.log('no spec file is chosen, and none failed in its last run: a runs all of them');
    return because(failed, 'failed in the last run');
  }

  async #runFor(changed: Parameters<typeof whatRuns>[0]['changed']): Promise<Wanted> {
    const { commit, log, specs } = this.#options;
    this.#ran.clear();
    const { all, chosen, memory } = await this.#known();
    const files = chosen ?? all.filter((file) => memory.has(file));
    const wanted = whatRuns({
      changed,
      files,
      memory,
      declared: specs.facts({ target: this.#session().target, timings: [], commit }).declared,
    });
    if (wanted.size === 0) log('no spec file that has run calls what changed: r runs the chosen ones, a all of them');
    return wanted;
  }

  #session(): NonNullable<BuiltTarget['session']> {
    const { session } = this.#target;
    if (session === undefined) throw new HarnessError('watch', 'there is no target yet');
    return session;
  }

  /** Shows why there is no new agent. Without any agent yet, only an error of the compiler or of the agent itself is waited out. */
  #explain(error: unknown, first: boolean): void {
    const { log, onFailure } = this.#options;
    const compiler = compilerText(error);
    if (compiler === undefined && first && !isOfAgent(error)) {
      onFailure(error);
      return;
    }
    this.#saved = undefined;
    log(`\n${compiler ?? messageOf(error)}\n`);
    log(
      `${compiler === undefined ? 'there is no new agent' : 'the agent does not compile'}: nothing runs until a file is saved`,
    );
  }

  async #run(wanted: Wanted, signal: AbortSignal): Promise<void> {
    const { commit, config, log, specs } = this.#options;
    const files = [...wanted.keys()];
    this.#last = files;
    for (const [file, reasons] of wanted) log(`${file}: ${reasons.join('; ')}`);
    let left: readonly string[] = [];
    try {
      await specs.run(wanted, this.#choice, {
        target: this.#session().target,
        timings: this.#target.takeTimings(),
        ...{ commit, signal },
      });
      const tests = (await readReport(config))?.tests ?? [];
      this.#memory = remember(this.#memory, tests);
      await keep(config, this.#memory);
      if (signal.aborted) left = unfinished(files, tests);
      for (const file of files) if (!left.includes(file)) this.#ran.add(file);
      if (!signal.aborted && this.#saved !== undefined) {
        const { at, what } = this.#saved;
        log(`verdict ${((performance.now() - at) / 1_000).toFixed(1)} s after ${what} was saved`);
      }
    } catch (error) {
      log(`the specs could not run: ${messageOf(error)}`);
    }
    this.#dispatch({ type: 'ended', unfinished: new Map([...wanted].filter(([file]) => left.includes(file))) });
  }

  /** Says that nothing is going on, and what else could run. */
  async #wait(): Promise<void> {
    this.#saved = undefined;
    const others = filesFor('others', await this.#known()).length;
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

/** Whether set-up failed because of the agent that was built: it does not start, or is none. */
function isOfAgent(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof HarnessError && ['agent', 'first-guest'].includes(cause.code)) return true;
  }
  return false;
}
