/** Name of a step, for progress and errors. */
export interface StepName {
  readonly id: string;
  /** What the step provides: "guest initrd". */
  readonly title: string;
}

/** Undoes the creation of something. Must be idempotent. */
export type Undo = () => void | PromiseLike<void>;

/** Owns resources and undoes them in reverse order, as an `AsyncDisposableStack` does. Register an undo *before* doing. */
export interface Owner {
  defer(undo: Undo): void;
  use<T extends AsyncDisposable>(resource: T): T;
}

/** Context of a running step. */
export interface StepContext<Config, Host> {
  readonly config: Config;
  /** The current state of the machine, including what an earlier step with `refreshesHost` installed. */
  readonly host: Host;
  readonly runId: string;
  /** Directory of this run, removed at its end. */
  readonly runDir: string;
  /** Aborts on an interrupt, at the step's deadline, and if another step fails. */
  readonly signal: AbortSignal;
  /** The step's resources until the run ends; undone in reverse order. */
  readonly owned: Owner;
  /** Records in the journal that a path outside `runDir` must be removed. Call it before creating the path. */
  undoByRemoving(path: string): void;
  /** Shows a short progress text. */
  say(text: string): void;
  /** The result of a step that this one needs, directly or indirectly. Throws for any other step. */
  result<Out>(step: Step<Out, Config, Host>): Out;
}

interface StepBase<Config, Host> extends StepName {
  /** `import.meta.url` of its module: root of the artefact's code, which ends at the modules of other steps. */
  readonly module: string;
  readonly needs: readonly Step<unknown, Config, Host>[];
  /** Timeout in milliseconds: set-up then fails, even if the step ignores its signal. */
  readonly timeoutMs: number;
  /** Timeout of one undo of its resources, in milliseconds; 30 s by default. */
  readonly undoTimeoutMs?: number;
}

/** Builds a directory that is kept between runs and rebuilt only if an input has changed. */
export interface ArtefactStep<Out, Config, Host> extends StepBase<Config, Host> {
  readonly kind: 'artefact';
  /** Inputs besides its code and the artefacts it needs. */
  readonly inputs: (config: Config, host: Host) => ArtefactInputs;
  /** Why a complete artefact with these inputs must be rebuilt nevertheless; called at every start. */
  readonly outdated?: (directory: string) => Promise<string | undefined>;
  /** How long an artefact of other inputs is kept, in milliseconds; a week by default. */
  readonly keepUnusedMs?: number;
  /** Fills an empty directory. The artefact is used only after this resolves. */
  readonly make: (directory: string, context: StepContext<Config, Host>) => Promise<void>;
  /** Never set: declares that the result is the path of the directory. */
  readonly out?: Out;
}

/** Inputs of an artefact, by the name under which a change is reported. */
export interface ArtefactInputs {
  /** Paths of files and directories, compared by content. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Digests of anything else, such as a part of a git revision. */
  readonly digests?: Readonly<Record<string, () => Promise<string>>>;
  readonly values?: Readonly<Record<string, string>>;
  /** Paths of modules that its code imports dynamically, but not with this configuration. */
  readonly without?: readonly string[];
}

/** Provides something for one run, or installs something that stays on the machine. */
export interface ServiceStep<Out, Config, Host> extends StepBase<Config, Host> {
  readonly kind: 'service';
  /** Shown only if it has progress text, because it usually has nothing to do. */
  readonly quiet?: true;
  /** The machine is probed again after it, for the steps that follow: it installs something. */
  readonly refreshesHost?: true;
  readonly start: (context: StepContext<Config, Host>) => Promise<Out>;
}

export type Step<Out, Config, Host> = ArtefactStep<Out, Config, Host> | ServiceStep<Out, Config, Host>;

/** The steps and all steps they need, each once and after the steps it needs. Steps with the same id are one step. */
export function withNeeds<Config, Host>(
  steps: readonly Step<unknown, Config, Host>[],
): readonly Step<unknown, Config, Host>[] {
  const seen = new Set<string>();
  const each = (step: Step<unknown, Config, Host>): readonly Step<unknown, Config, Host>[] => {
    if (seen.has(step.id)) return [];
    seen.add(step.id);
    return [...step.needs.flatMap(each), step];
  };
  return steps.flatMap(each);
}
