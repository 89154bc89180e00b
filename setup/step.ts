import type { DisposeStack } from '../helpers/dispose.ts';
import type { Part } from '../helpers/git/part.ts';
import type { Host } from './host.ts';
import type { Settled } from './settle.ts';

/** What a step may use. */
export interface StepContext {
  readonly config: Settled;
  /** The machine as it is now: packages that an earlier step installed are in it. */
  readonly host: Host;
  readonly runId: string;
  /** Directory of this run; removed when it ends. */
  readonly runDir: string;
  /** Aborted by an interrupt, by the step's own deadline, and when another step fails. */
  readonly signal: AbortSignal;
  /** What the step owns until the run ends; undone in reverse order. */
  readonly owned: DisposeStack;
  /** Registers, in the journal, that a path outside `runDir` is to be removed. Call it before the path is made. */
  undoByRemoving(path: string): void;
  /** Tells people what is going on, in a few words. */
  say(text: string): void;
  /** What a step named in `needs` returned. */
  result<Out>(step: Step<Out>): Out;
}

interface StepBase {
  readonly id: string;
  /** `import.meta.url` of its module: an artefact's code is found from there, and ends at the modules of other steps. */
  readonly module: string;
  /** What it does, as one would say it aloud. */
  readonly title: string;
  readonly needs: readonly Step[];
  /** How long it may take, in milliseconds: then set-up fails, whether or not the step honours its signal. */
  readonly timeoutMs: number;
  /** How long one undo of what it owns may take, in milliseconds; 30 s by default. */
  readonly undoTimeoutMs?: number;
}

/** Makes a directory that is kept between runs and made again only when something it depends on has changed. */
export interface ArtefactStep extends StepBase {
  readonly kind: 'artefact';
  /** What it depends on besides its code and the artefacts it needs. Files and directories are compared by content. */
  readonly inputs: (config: Settled, host: Host) => ArtefactInputs;
  /** Why one that is there, made from these inputs and whole, is made again all the same; asked at every start. */
  readonly outdated?: (directory: string) => Promise<string | undefined>;
  /** How long one that was made from other inputs is kept, in milliseconds; a week by default. */
  readonly keepUnusedMs?: number;
  /** Fills an empty directory. It counts only when this returns. */
  readonly make: (directory: string, context: StepContext) => Promise<void>;
  /** Never set: says that the result is the path of the directory. */
  readonly out?: string;
}

/** Inputs of an artefact, by the name under which a change is reported. */
export interface ArtefactInputs {
  readonly files?: Readonly<Record<string, string | undefined>>;
  readonly values?: Readonly<Record<string, string>>;
  /** Modules, by their path in the project, that its code imports dynamically, and not with this configuration. */
  readonly without?: readonly string[];
  /** What of Kata's source it is made from. */
  readonly source?: Part;
  /** What of the source whose scripts make it, where that is not what is under test: an agent may be the stand-in. */
  readonly packaging?: Part;
}

/** Brings about something that is there for one run, or that the machine keeps (packages). */
export interface ServiceStep<Out = unknown> extends StepBase {
  readonly kind: 'service';
  /** Told of only when it says something itself: most often there is nothing for it to do. */
  readonly quiet?: true;
  readonly start: (context: StepContext) => Promise<Out>;
  /** Never set: carries the type of the result. */
  readonly out?: Out;
}

export type Step<Out = unknown> = (ArtefactStep & { readonly out?: Out }) | ServiceStep<Out>;

/** Steps with all that they need, each once and after what it needs. Steps of one id are one step. */
export function withNeeds(steps: readonly Step[]): readonly Step[] {
  const seen = new Set<string>();
  const each = (step: Step): readonly Step[] => {
    if (seen.has(step.id)) return [];
    seen.add(step.id);
    return [...step.needs.flatMap(each), step];
  };
  return steps.flatMap(each);
}
