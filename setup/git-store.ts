import { join } from 'node:path';
import type { GitStore } from '../helpers/git/store.ts';
import type { Config } from './config.ts';

/** Where what was fetched with git is kept, and what is known of it. */
export function gitDirectory(config: Pick<Config, 'cacheDir'>): string {
  return join(config.cacheDir, 'git');
}

/** The same, with what git needs to fetch more. */
export function gitStore(config: Pick<Config, 'cacheDir' | 'outbound'>): GitStore {
  return { directory: gitDirectory(config), env: config.outbound.network };
}
