import type { KnownIssue } from '../../helpers/contract/known-issue.ts';
import type { RunReport, Table } from '../model.ts';
import type { Collected } from './collect.ts';
import type { CoverageInput } from './coverage.ts';
import type { HistoryLine } from './history.ts';
import type { ScopeReference } from './scope.ts';

/** Input from which a report is built. */
export interface ReportInput extends CoverageInput {
  readonly collected: Collected;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly interrupted: boolean;
  /** Whether the report merges those of several runs (shards). */
  readonly merged: boolean;
  /** All spec files, and the known options that reduced the run. */
  readonly whole: ScopeReference;
  /** Whether a run without tests is allowed (`--passWithNoTests`). */
  readonly passWithNoTests: boolean;
  readonly suite: RunReport['suite'];
  readonly knownIssues: readonly KnownIssue[];
  readonly coverageGate: boolean;
  readonly history: readonly HistoryLine[];
  readonly tables: readonly Table[];
  /** Report inputs that could not be read; they fail the run. */
  readonly problems: readonly string[];
  /** Inputs left out of the report for a reason; they do not fail the run. */
  readonly warnings: readonly string[];
}
