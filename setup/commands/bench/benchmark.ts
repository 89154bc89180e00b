import type { StepContext } from '../../step.ts';

/** One figure of a bench, and the figure with which it is compared in the same run. */
export interface Row {
  /** Name of the measurement. */
  readonly what: string;
  /** The measured figure, with its unit. */
  readonly figure: string;
  /** Name and figure of the measurement used for comparison. */
  readonly beside?: string;
  /** Ratio of the figure to the one used for comparison. */
  readonly ratio?: number;
  /** Bound of the ratio, and whether the figure is within it. */
  readonly wanted?: { readonly bound: string; readonly kept: boolean };
}

/** Context in which a bench runs. */
export interface BenchContext extends Pick<StepContext, 'signal' | 'say'> {
  /** The bench's own empty directory, removed afterwards; short enough for unix sockets. */
  readonly directory: string;
}

/** Results of a bench: rows, and notes on how to read them. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

/** One bench of `pnpm kata bench`, in a file of its own that benches.ts lists. */
export interface Bench {
  /** Name of the bench, the argument of `pnpm kata bench NAME`. */
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured>;
}
