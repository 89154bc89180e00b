import type { Generation, TargetName } from './target.ts';

/**
 * What a run says of itself. Every test file carries it in its meta, so that the reports of shards can be merged with
 * nothing else at hand.
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
  /** The options that select tests, as they were given; shards apart. */
  readonly reducedBy: readonly string[];
  /** Counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** One step of set-up as it went. */
export interface SetupFact {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'kept' | 'done' | 'failed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** What a test leaves in its meta whatever its outcome. */
export interface TestFacts {
  /** Calls by method and status. */
  readonly calls: readonly CallFact[];
  /** What budgets are about. */
  readonly timings: readonly TimingFact[];
}

/** All calls of one method that ended with one status. */
export interface CallFact {
  /** `package.Service/Method`. */
  readonly method: string;
  /** `ok`, or the status name in lower case. */
  readonly status: string;
  /** How long each took, in milliseconds, to a hundredth. */
  readonly durationsMs: readonly number[];
}

/** How long something took that every run does. */
export interface TimingFact {
  /** `boot`, `create container`, or `pull <reference>`. */
  readonly name: string;
  readonly ms: number;
}

/** Where the evidence of a test is; reporters link to it. */
export interface EvidenceFact {
  readonly type: 'kata:evidence';
  /** Name of its directory, below `evidence` of the reports' directory. */
  readonly name: string;
}
