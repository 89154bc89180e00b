import type { Environment } from '../exec.ts';

/** Where fetched commits are kept, and how git reaches the repositories they come from. */
export interface GitStore {
  readonly directory: string;
  /** Proxies and certificates. */
  readonly env: Environment;
}
