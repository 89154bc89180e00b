import type { Environment } from '../process/exec.ts';

/** Directory for fetched commits, and git's environment for fetching them. */
export interface GitStore {
  readonly directory: string;
  /** Proxies and certificates as environment variables of git. */
  readonly env: Environment;
}
