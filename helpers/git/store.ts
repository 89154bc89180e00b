import type { Environment } from '../process/exec.ts';

/** Directory for fetched commits, and git's environment for fetching them. */
export interface GitStore {
  readonly directory: string;
  /** Proxies and certificates. */
  readonly env: Environment;
}
