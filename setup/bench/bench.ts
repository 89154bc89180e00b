import type { StepContext } from '../step.ts';

/** One figure, beside what it is compared with in the same run. */
export interface Row {
  /** What was measured, in a few words. */
  readonly what: string;
  /** The figure, with its unit. */
  readonly figure: string;
  /** What it stands beside, and that one's figure. */
  readonly beside?: string;
  /** Ratio of the two. */
  readonly ratio?: number;
  /** What the ratio must be: a bound, and whether it was kept. */
  readonly wanted?: { readonly bound: string; readonly kept: boolean };
}

/** What a bench may use. */
export interface BenchContext extends Pick<StepContext, 'signal' | 'say'> {
  /** Empty, its own, removed afterwards; short enough for unix sockets. */
  readonly directory: string;
}

/** Rows, and what one must know to read them. */
export interface Measured {
  readonly rows: readonly Row[];
  readonly notes?: readonly string[];
}

/** One bench: one file here, listed in benches.ts. */
export interface Bench {
  /** What `pnpm bench NAME` takes. */
  readonly name: string;
  readonly title: string;
  run(context: BenchContext): Promise<Measured>;
}
