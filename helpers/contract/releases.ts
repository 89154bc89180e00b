/** How a claim ended with a release's agent. */
export interface ClaimOutcome {
  readonly outcome: 'passed' | 'failed' | 'flaky' | 'skipped';
  /** First line of the failure, or the reason why the claim was skipped. */
  readonly why?: string;
  /** URL of the known issue that explains the failure. */
  readonly knownIssue?: string;
}

/** What the suites found with the agent of one release. */
export interface ReleaseColumn {
  /** The revision as the user named it. */
  readonly release: string;
  /** Commit of the release, 40 digits. */
  readonly commit: string;
  /** Version in the file VERSION of the release's source. */
  readonly version: string;
  /** When the release's suites ended, in milliseconds since the epoch. */
  readonly at: number;
  /** What answered; absent if no guest started. */
  readonly banner?: string;
  /** Why no claim was tried: the agent could not be built, or the suites did not start. */
  readonly problem?: { readonly what: 'could not be built' | 'did not start'; readonly why: string };
  /** Outcomes of the claims by id: `file > group > name`. */
  readonly claims: Readonly<Record<string, ClaimOutcome>>;
}

/** Content of releases.json in the reports directory, and source of the page beside it. */
export interface ReleasesReport {
  readonly schema: 'kata-cc-suite/releases/1';
  readonly columns: readonly ReleaseColumn[];
}
