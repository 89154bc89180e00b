/** Name of a step, for progress and errors. */
export interface StepName {
  readonly id: string;
  /** What the step provides, for messages: "guest initrd". */
  readonly title: string;
  /** The optional part of a configuration without which the step does not run, for what a report says of its cost: `KBS`. */
  readonly feature?: string;
}

/** Undoes the creation of a resource. Must be idempotent. */
export type Undo = () => void | PromiseLike<void>;

/** Owns resources and undoes them in reverse order, as an `AsyncDisposableStack` does. Register an undo *before* doing. */
export interface Owner {
  defer(undo: Undo): void;
  use<T extends AsyncDisposable>(resource: T): T;
}

/** Context of a running step. */
export interface StepContext<Config, Host> {
  readonly config: Config;
  /** The current state of the machine, including what an earlier step with `refreshesHost` has installed. */
  readonly host: Host;
  readonly runId: string;
  /** Directory of this run, which is removed at the run's end. */
  readonly runDir: string;
  /** Aborts on an interrupt, at the step's deadline, and if another step fails. */
  readonly signal: AbortSignal;
  /** Owner of the step's resources until the run ends; they are undone in reverse order. */
  readonly owned: Owner;
  /** Records in the journal that a path outside `runDir` must be removed. Call it before creating the path. */
  undoByRemoving(path: string): void;
  /** Shows a short progress text for the step. */
  say(text: string): void;
  /** The result of a step that this step needs, directly or indirectly. Throws for any other step. */
  result<Out>(step: Step<Out, Config, Host>): Out;
}

interface StepBase<Config, Host> extends StepName {
  /**
   * `import.meta.url` of the step's module. The artefact's code is the import graph of that module, up to the modules
   * of other steps.
   */
  readonly module: string;
  /** The steps whose results or effects this step uses. */
  readonly needs: (config: Config) => readonly Step<unknown, Config, Host>[];
  /** Timeout of the step in milliseconds, after which set-up fails, even if the step ignores its signal. */
  readonly timeoutMs: number;
  /** Timeout of undoing one resource of the step, in milliseconds; 30 s by default. */
  readonly undoTimeoutMs?: number;
}

/** A step that builds a directory, which is kept between runs and rebuilt only if an input has changed. */
export interface ArtefactStep<Out, Config, Host> extends StepBase<Config, Host> {
  readonly kind: 'artefact';
  /** Inputs of the artefact besides its code and the artefacts it needs. */
  readonly inputs: (config: Config, host: Host) => ArtefactInputs;
  /**
   * Why a complete artefact with the same inputs must be rebuilt nevertheless, `undefined` if not; called at every
   * start.
   */
  readonly outdated?: (directory: string) => Promise<string | undefined>;
  /** How long an artefact with other inputs is kept, in milliseconds; a week by default. */
  readonly keepUnusedMs?: number;
  /** Fills an empty directory with the artefact, which is used only after the promise resolves. */
  readonly make: (directory: string, context: StepContext<Config, Host>) => Promise<void>;
  /** Reads the result of an artefact's step from the complete directory; called once per run. */
  readonly read: (directory: string) => Out | Promise<Out>;
}

/** Inputs of an artefact, by the names under which a change is reported. */
export interface ArtefactInputs {
  /** Paths of files and directories that are inputs, compared by content. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Digests of other inputs, such as a part of a git revision. */
  readonly digests?: Readonly<Record<string, () => Promise<string>>>;
  readonly values?: Readonly<Record<string, string>>;
  /** Paths of modules that the step's code imports dynamically, but not with this configuration. */
  readonly without?: readonly string[];
}

/** A step that provides something for one run, or installs something that stays on the machine. */
export interface ServiceStep<Out, Config, Host> extends StepBase<Config, Host> {
  readonly kind: 'service';
  /** The step is shown only if it has progress text, because it usually has nothing to do. */
  readonly quiet?: true;
  /** Whether the step installs something: the machine is then probed again for the steps that follow. */
  readonly refreshesHost?: true;
  readonly start: (context: StepContext<Config, Host>) => Promise<Out>;
}

export type Step<Out, Config, Host> = ArtefactStep<Out, Config, Host> | ServiceStep<Out, Config, Host>;

/**
 * The given steps and all steps that they need, each once and after the steps it needs. Steps with the same id are one
 * step.
 */
export function withNeeds<Config, Host>(
  steps: readonly Step<unknown, Config, Host>[],
  config: Config,
): readonly Step<unknown, Config, Host>[] {
  const seen = new Set<string>();
  const each = (step: Step<unknown, Config, Host>): readonly Step<unknown, Config, Host>[] => {
    if (seen.has(step.id)) return [];
    seen.add(step.id);
    return [...step.needs(config).flatMap(each), step];
  };
  return steps.flatMap(each);
}

/** The step with this id, and those among `steps` that need it, directly or indirectly, in the order of `steps`. */
export function dependents<Config, Host>(
  steps: readonly Step<unknown, Config, Host>[],
  id: string,
  config: Config,
): readonly Step<unknown, Config, Host>[] {
  return steps.filter((step) => withNeeds([step], config).some((needed) => needed.id === id));
}
