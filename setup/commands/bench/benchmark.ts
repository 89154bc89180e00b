import type { StepContext } from '../../step.ts';

/** One figure, and the figure it is compared with in the same run. */
export interface Row {
  /** Name of the measurement. */
  readonly what: string;
  /** The figure, with its unit. */
  readonly figure: string;
  /** Name and figure of the comparison. */
  readonly beside?: string;
  /** Ratio of the two. */
  readonly ratio?: number;
  /** Bound of the ratio, and whether it was kept. */
  readonly wanted?: { readonly bound: string; readonly kept: boolean };
}

/** Context of a bench. */
export interface BenchContext extends Pick<StepContext, 'signal' | 'say'> {
  /** The bench's own empty directory, removed afterwards; short enough for unix sockets. */
  readonly directory: string;
}

/** Rows, and notes on how to read them. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

/** One bench: one file here, listed in benches.ts. */
export interface Bench {
  /** Argument of `pnpm bench NAME`. */
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured>;
}
