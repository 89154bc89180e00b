import { join, relative, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createVitest, type Vitest } from 'vitest/node';
import type { RunFacts, SetupFact } from '../../../helpers/contract/run-facts.ts';
import type { Target } from '../../../helpers/contract/target.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { didYouMean } from '../../../helpers/text/nearest.ts';
import { redactor } from '../../../helpers/text/secrets.ts';
import { secretsOf } from '../../config/config.ts';
import { SUITES_PROJECT } from '../../plan.ts';
import { projectPath } from '../../project.ts';
import { describeRun } from '../../vitest/facts.ts';
import type { Wanted } from './what-runs.ts';

/** Which tests run, as the user has chosen them. */
export interface SpecChoice {
  /** Parts of the paths of spec files; empty for all. */
  readonly files: readonly string[];
  /** Regular expression for names of tests. */
  readonly name: string | undefined;
}

/** With what specs run. */
export interface SpecRun {
  readonly target: Target;
  /** The steps of set-up that belong to this run. */
  readonly timings: readonly SetupFact[];
  /** Commit of this project. */
  readonly commit: string;
  readonly signal: AbortSignal;
}

const AGAIN_MS = 100;

/** The spec files of this project, run by one Vitest. Paths are relative to the project. */
export class Specs implements AsyncDisposable {
  readonly #vitest: Vitest;
  readonly root: string;
  /** Whether a run has begun. */
  hasRun = false;

  private constructor(vitest: Vitest) {
    this.#vitest = vitest;
    this.root = vitest.config.root;
  }

  /** Starts Vitest without its global set-up, and without its own watch mode: what runs, and when, is decided here. */
  static async open(): Promise<Specs> {
    const options = { root: projectPath('.'), project: [SUITES_PROJECT], watch: false, globalSetup: [] };
    return new Specs(await createVitest('test', options));
  }

  /** Starts the reporters, which removes the reports of an earlier run. */
  async start(): Promise<void> {
    await this.#vitest.standalone();
  }

  /** The spec files that there are now whose path contains one of `filters`; all without filters. */
  async matching(filters: readonly string[] = []): Promise<readonly string[]> {
    // Vitest remembers the files; new ones may have been saved since.
    this.#vitest.clearSpecificationsCache();
    const found = await this.#vitest.globTestSpecifications([...filters]);
    return found.map(({ moduleId }) => relative(this.root, moduleId));
  }

  /** Throws {@link ConfigError} if a filter matches no spec file. */
  async check(filters: readonly string[]): Promise<void> {
    for (const filter of filters) {
      if ((await this.matching([filter])).length > 0) continue;
      const all = await this.matching();
      throw new ConfigError(
        `pnpm kata watch ${filter}: no path of a spec file contains ${filter}; expected a file below suites/, or a part of its path${didYouMean(filter, all)}`,
      );
    }
  }

  /** The spec files that must run again because a file was saved: itself, or those that import it, as far as they have run. */
  async saved(path: string): Promise<readonly string[]> {
    const file = resolve(path);
    const all = new Set((await this.matching()).map((name) => join(this.root, name)));
    const importing = new Set([file]);
    // Grows while it is iterated: importers of importers.
    for (const one of importing)
      if (!all.has(one)) for (const importer of this.#importers(one)) importing.add(importer);
    this.#vitest.invalidateFile(file);
    return [...importing].filter((one) => all.has(one)).map((one) => relative(this.root, one));
  }

  #importers(file: string): readonly string[] {
    const graphs = this.#vitest.projects.flatMap(({ vite }) => Object.values(vite.environments));
    const modules = graphs.flatMap(({ moduleGraph }) => [...(moduleGraph.getModulesByFile(file) ?? [])]);
    return modules.flatMap(({ importers }) => [...importers].flatMap((importer) => importer.file ?? []));
  }

  /** The facts of a run with a target. */
  facts({ commit, target, timings }: Omit<SpecRun, 'signal'>): RunFacts {
    return describeRun(target, timings, commit, this.#vitest);
  }

  /** Runs spec files to their end, or until `signal` aborts and their tests have ended. */
  async run(wanted: Wanted, { name }: SpecChoice, { signal, ...subject }: SpecRun): Promise<void> {
    const vitest = this.#vitest;
    vitest.provide('target', subject.target);
    vitest.provide('facts', {
      ...this.facts(subject),
      reducedBy: ['pnpm kata watch', ...(name === undefined ? [] : [`-t ${JSON.stringify(name)}`])],
      watch: [...wanted].map(([file, reasons]) => ({ file, reasons })),
    });
    if (name === undefined) vitest.resetGlobalTestNamePattern();
    else vitest.setGlobalTestNamePattern(name);
    await this.matching();
    const specifications = [...wanted.keys()].flatMap((file) => vitest.getModuleSpecifications(join(this.root, file)));
    // Waits for the workers of the run before, whose guests end with them.
    if (this.hasRun) await vitest.cancelCurrentRun('keyboard-input');
    if (signal.aborted) return;
    const ended = new AbortController();
    const running = vitest.runTestSpecifications(specifications).finally(() => ended.abort());
    signal.addEventListener('abort', () => void this.#cancel(ended.signal), { once: true });
    this.hasRun = true;
    await running;
  }

  /** Vitest forgets a cancellation that it gets before its workers start, so it gets another one until the run has ended. */
  async #cancel(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await this.#vitest.cancelCurrentRun('keyboard-input');
      await delay(AGAIN_MS, undefined, { signal: ended }).catch(() => {});
    }
  }

  /** Names the reason for which set-up failed in the report that is written when this process exits without a run. */
  setUpFailed(reason: string): void {
    this.#vitest.provide('setupFailure', redactor(secretsOf())(reason));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#vitest.close();
  }
}
