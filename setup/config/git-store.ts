import { join } from 'node:path';
import type { GitStore } from '../../helpers/git/store.ts';
import type { Config } from './validated.ts';

/** Directory of fetched git objects and listings, below the cache directory. */
export function gitDirectory(config: Pick<Config, 'cacheDir'>): string {
  return join(config.cacheDir, 'git');
}

/** The store of fetched git commits: its directory, and the environment that git needs to fetch. */
export function gitStore(config: Pick<Config, 'cacheDir' | 'outbound'>): GitStore {
  return { directory: gitDirectory(config), env: config.outbound.network };
}
