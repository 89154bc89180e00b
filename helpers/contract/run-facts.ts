import type { Generation, TargetName } from './target.ts';

/**
 * Facts about a run. The meta of every test file contains them, so that the reports of shards can be merged without
 * other input.
 */
export interface RunFacts {
  readonly runId: string;
  readonly target: TargetName;
  readonly hypervisor: string;
  readonly banner: string;
  readonly agent: { readonly kind: string; readonly version: string; readonly generation: Generation };
  /** Methods that the loaded protos declare, by full name. */
  readonly declared: readonly string[];
  readonly setup: readonly SetupFact[];
  /** Commit of this project, as far as known. */
  readonly commit: string;
  /** The given options that select tests, except shards. */
  readonly reducedBy: readonly string[];
  /** Counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** Outcome of one step of set-up. */
export interface SetupFact {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'kept' | 'done' | 'failed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Facts in a test's meta, whatever its outcome. */
export interface TestFacts {
  /** Calls by method and status. */
  readonly calls: readonly CallFact[];
  /** Durations that have a time budget. */
  readonly timings: readonly TimingFact[];
}

/** All calls of one method that ended with one status. */
export interface CallFact {
  /** `package.Service/Method`. */
  readonly method: string;
  /** `ok`, or the status name in lower case. */
  readonly status: string;
  /** Duration of each in milliseconds, to two decimals. */
  readonly durationsMs: readonly number[];
}

/** Duration of an operation of every run. */
export interface TimingFact {
  /** `boot`, `create container`, or `pull <reference>`. */
  readonly name: string;
  readonly ms: number;
}

/** Location of a test's evidence; reports link to it. */
export interface EvidenceFact {
  readonly type: 'kata:evidence';
  /** Name of its directory, below `evidence` of the reports' directory. */
  readonly name: string;
}
