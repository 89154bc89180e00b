import type { Target } from '../../../helpers/contract/target.ts';
import type { TargetedConfig } from '../../config/validated.ts';
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
import type { ChangedFile } from './served-methods.ts';
import type { SpecChoice, SpecRun, Specs } from './specs.ts';
import { because, type Wanted, whatRuns } from './what-runs.ts';

/** Asks the user for a line of text; `undefined` if there is no answer. */
export type Ask = (question: string) => Promise<string | undefined>;

const REQUESTED_BY: Readonly<Record<RunAction, string>> = {
  ...{ all: 'key a', again: 'key r', failed: 'key f', others: 'key o', file: 'key p', name: 'key t' },
};

/** What {@link SpecRuns} works with. */
export interface SpecRunsOptions {
  readonly config: TargetedConfig;
  readonly specs: Specs;
  readonly memory: Memory;
  readonly choice: SpecChoice;
  /** Commit of this project. */
  readonly commit: string;
}

/** The runs of specs, what is remembered of them, and the user's choice of specs. */
export class SpecRuns {
  readonly #config: TargetedConfig;
  readonly #specs: Specs;
  readonly #commit: string;
  /** Spec files that have run with the current agent. */
  readonly #ran = new Set<string>();
  #memory: Memory;
  #choice: SpecChoice;
  #last: readonly string[] = [];

  constructor({ choice, commit, config, memory, specs }: SpecRunsOptions) {
    this.#config = config;
    this.#specs = specs;
    this.#commit = commit;
    this.#memory = memory;
    this.#choice = choice;
  }

  /** What runs first: what the user has chosen, else the spec files that failed last. */
  async first(): Promise<Wanted> {
    const { all, chosen } = await this.#known();
    if (chosen !== undefined) return because(chosen, 'chosen, for the first run');
    return because(failedFiles(this.#memory, all), 'failed in the last run');
  }

  /** What runs after a change of the agent. */
  async after(changed: readonly ChangedFile[], target: Target): Promise<Wanted> {
    this.#ran.clear();
    const { all, chosen, memory } = await this.#known();
    const files = chosen ?? all.filter((file) => memory.has(file));
    const { declared } = this.#specs.facts({ target, timings: [], commit: this.#commit });
    return whatRuns({ changed, files, memory, declared });
  }

  /** What runs at a request; a text if there is nothing, `undefined` if the user gives no answer. */
  async requested(action: RunAction, ask: Ask): Promise<Wanted | string | undefined> {
    let choice = action === 'all' ? { files: [], name: undefined } : this.#choice;
    if (action === 'file' || action === 'name') {
      const answer = await ask(questionFor(action));
      if (answer === undefined) return undefined;
      choice = answered(action, answer, choice);
    }
    const files = filesFor(action, await this.#known(choice));
    if (files.length === 0) return NOTHING_TO_RUN[action];
    this.#choice = choice;
    const named = choice.name === undefined ? '' : `, tests that match ${choice.name}`;
    return because(files, `requested by ${REQUESTED_BY[action]}${named}`);
  }

  /** Number of chosen spec files that have not run with the current agent. */
  async others(): Promise<number> {
    return filesFor('others', await this.#known()).length;
  }

  /** Runs spec files. Returns those that it did not finish, because `signal` aborted. */
  async run(wanted: Wanted, subject: Omit<SpecRun, 'commit'>): Promise<Wanted> {
    const files = [...wanted.keys()];
    this.#last = files;
    await this.#specs.run(wanted, this.#choice, { ...subject, commit: this.#commit });
    const tests = (await readReport(this.#config))?.tests ?? [];
    this.#memory = remember(this.#memory, tests);
    await keep(this.#config, this.#memory);
    const left = subject.signal.aborted ? unfinished(files, tests) : [];
    for (const file of files) if (!left.includes(file)) this.#ran.add(file);
    return new Map([...wanted].filter(([file]) => left.includes(file)));
  }

  async #known(choice = this.#choice): Promise<KnownSpecs> {
    const known = { all: await this.#specs.matching(), last: this.#last, memory: this.#memory, ran: this.#ran };
    return choice.files.length === 0 && choice.name === undefined
      ? known
      : { ...known, chosen: await this.#specs.matching(choice.files) };
  }
}
