import type { DisposeStack } from '../../helpers/dispose.ts';
import type { Part } from '../../helpers/git/part.ts';
import type { ResolvedConfig } from '../config/resolve.ts';
import type { Host } from '../host/probe.ts';

/** Context of a running step. */
export interface StepContext {
  readonly config: ResolvedConfig;
  /** The current state of the machine, including packages that an earlier step installed. */
  readonly host: Host;
  readonly runId: string;
  /** Directory of this run, removed at its end. */
  readonly runDir: string;
  /** Aborts on an interrupt, at the step's deadline, and if another step fails. */
  readonly signal: AbortSignal;
  /** The step's resources until the run ends; undone in reverse order. */
  readonly owned: DisposeStack;
  /** Records in the journal that a path outside `runDir` must be removed. Call it before creating the path. */
  undoByRemoving(path: string): void;
  /** Shows a short progress text. */
  say(text: string): void;
  /** The result of a step in `needs`. */
  result<Out>(step: Step<Out>): Out;
}

interface StepBase {
  readonly id: string;
  /** `import.meta.url` of its module: root of the artefact's code, which ends at the modules of other steps. */
  readonly module: string;
  /** Name of what the step provides, for progress and errors: "guest initrd". */
  readonly title: string;
  readonly needs: readonly Step[];
  /** Timeout in milliseconds: set-up then fails, even if the step ignores its signal. */
  readonly timeoutMs: number;
  /** Timeout of one undo of its resources, in milliseconds; 30 s by default. */
  readonly undoTimeoutMs?: number;
}

/** Builds a directory that is kept between runs and rebuilt only if an input has changed. */
export interface ArtefactStep extends StepBase {
  readonly kind: 'artefact';
  /** Inputs besides its code and the artefacts it needs. Files and directories are compared by content. */
  readonly inputs: (config: ResolvedConfig, host: Host) => ArtefactInputs;
  /** Why a complete artefact with these inputs must be rebuilt nevertheless; called at every start. */
  readonly outdated?: (directory: string) => Promise<string | undefined>;
  /** How long an artefact of other inputs is kept, in milliseconds; a week by default. */
  readonly keepUnusedMs?: number;
  /** Fills an empty directory. The artefact is used only after this resolves. */
  readonly make: (directory: string, context: StepContext) => Promise<void>;
  /** Never set: declares that the result is the path of the directory. */
  readonly out?: string;
}

/** Inputs of an artefact, by the name under which a change is reported. */
export interface ArtefactInputs {
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly values?: Readonly<Record<string, string>>;
  /** Paths of modules that its code imports dynamically, but not with this configuration. */
  readonly without?: readonly string[];
  /** Part of Kata's source it is built from. */
  readonly source?: Part;
  /**
   * Part of the Kata source with upstream's packaging scripts, which need not be under test, as with the stand-in
   * agent.
   */
  readonly packaging?: Part;
}

/** Provides something for one run, or installs something that stays on the machine (packages). */
export interface ServiceStep<Out = unknown> extends StepBase {
  readonly kind: 'service';
  /** Shown only if it has progress text, because it usually has nothing to do. */
  readonly quiet?: true;
  readonly start: (context: StepContext) => Promise<Out>;
  /** Never set: declares the type of the result. */
  readonly out?: Out;
}

export type Step<Out = unknown> = (ArtefactStep & { readonly out?: Out }) | ServiceStep<Out>;

/** The steps and all steps they need, each once and after the steps it needs. Steps with the same id are one step. */
export function withNeeds(steps: readonly Step[]): readonly Step[] {
  const seen = new Set<string>();
  const each = (step: Step): readonly Step[] => {
    if (seen.has(step.id)) return [];
    seen.add(step.id);
    return [...step.needs.flatMap(each), step];
  };
  return steps.flatMap(each);
}
