import type { KataRuntime } from '../kata/runtimes.ts';
import type { Component } from './component.ts';
import type { RunningVersion } from './running-version.ts';
import type { AgentUnderTest, Generation, TargetName } from './target.ts';

/**
 * Facts about a run of the suites. The meta of every test file contains them, so that the reports of shards can be
 * merged without other input.
 */
export interface RunFacts {
  readonly runId: string;
  readonly target: TargetName;
  readonly hypervisor: string;
  /** Kata's runtime, whose shim starts the guests; absent on targets without one. */
  readonly runtime?: KataRuntime;
  readonly banner: string;
  /**
   * What the client withheld from the agent (`KATA_MUTE`): the full name of a method or field, or the path of a file; a run with it never passes.
   */
  readonly muted?: string;
  /** Name of the fault in the stand-in agent or in the specs' policies (`KATA_MUTANT`); a run with it never passes. */
  readonly mutant?: string;
  readonly agent: { readonly kind: string; readonly version: string; readonly generation: Generation } & Partial<
    Pick<AgentUnderTest, 'changes' | 'features' | 'libc' | 'toolchain'>
  >;
  /** The programs beside the agent; absent if there are none. */
  readonly components?: readonly Component[];
  /** The versions of what Kata runs with; absent in reports of earlier versions of this project. */
  readonly versions?: readonly RunningVersion[];
  /** RPC methods that the loaded protos declare, by full name. */
  readonly declared: readonly string[];
  /** The fields of each request to the agent that the loaded protos declare, by the method's full name. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  readonly setup: readonly SetupFact[];
  /** Commit of this project's checkout, as far as known. */
  readonly commit: string;
  /** The options on the command line that select tests, except shards. */
  readonly reducedBy: readonly string[];
  /** Why the spec files run, in a run of `pnpm kata watch`. */
  readonly watch?: readonly WatchedFile[];
  /** Which shard of the suites this run is, counted from 1. */
  readonly shard?: { readonly index: number; readonly count: number };
}

/** A spec file that `pnpm kata watch` runs. */
export interface WatchedFile {
  readonly file: string;
  /** Why: `saved`, `failed in the last run`, ... */
  readonly reasons: readonly string[];
}

/** Outcome of one step of set-up. */
export interface SetupFact {
  readonly id: string;
  readonly title: string;
  readonly outcome: 'kept' | 'done' | 'failed';
  /** The optional part of the configuration without which the step does not run. */
  readonly feature?: string;
  /** Start of the set-up step, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** How long the build of the step's artefact took, in this run or an earlier one; absent if unknown. */
  readonly buildMs?: number;
}

/** Facts that a test leaves in its meta for the report, whatever its outcome. */
export interface TestFacts {
  /** RPC calls of the test by method and status. */
  readonly calls: readonly CallFact[];
  /** Full names of the RPC methods that the test's fixtures called before it, sorted. */
  readonly fixtureMethods: readonly string[];
  /** Durations of the test's operations that have a time budget. */
  readonly timings: readonly TimingFact[];
}

/** All RPC calls of one method that ended with one status. */
export interface CallFact {
  /** Full name of the RPC method: `package.Service/Method`. */
  readonly method: string;
  /** RPC status: `ok`, or the status name in lower case. */
  readonly status: string;
  /** Duration of each RPC call in milliseconds, to two decimals. */
  readonly durationsMs: readonly number[];
  /** The fields that the requests to the agent set, as paths in the spelling of the protos (protos/fields.ts). */
  readonly fields: readonly string[];
}

/** Duration of an operation that occurs in every run and has a time budget. */
export interface TimingFact {
  /** Name of the timed operation: `boot`, `create container`, or `pull <reference>`. */
  readonly name: string;
  readonly ms: number;
}

/** Location of a test's evidence; reports link to it. */
export interface EvidenceFact {
  readonly type: 'kata:evidence';
  /** Name of the test's evidence directory, below `evidence` of the reports' directory. */
  readonly name: string;
}
