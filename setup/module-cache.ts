import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

/** The part of Vitest's settings that concerns its cache of transformed modules. */
interface ModuleCache {
  readonly fsModuleCache: boolean;
  readonly fsModuleCachePath?: string;
}

/** What pnpm has installed; Vitest clears its cache when this file changes. Source: vitest 4.1, `getLockfileHash`. */
const INSTALLED = 'node_modules/.pnpm/lock.yaml';

/** Not below a name of Vitest's own: `vitest --clearCache` and later versions manage those. */
const PARENT = 'node_modules/.transformed-modules';

const KEPT_MS = 7 * 24 * 3_600_000;

/**
 * A cache of transformed modules per state of the installed packages. Vitest 4.1 clears a cache made with other packages
 * after it has begun to write to it, does not create the directory again, and ends with an unhandled ENOENT. A directory
 * that was only ever used with the packages of now is never cleared. Directories unused for a week are removed; each run
 * marks its own as used. Without the cache if the project cannot be written to (we are not root), or pnpm did not install
 * the packages.
 */
export function moduleCache(project: string, { root = process.getuid?.() === 0, now = Date.now() } = {}): ModuleCache {
  const installed = join(project, INSTALLED);
  if (!root || !existsSync(installed)) return { fsModuleCache: false };
  const parent = join(project, PARENT);
  const key = createHash('sha256').update(readFileSync(installed)).digest('hex').slice(0, 16);
  const own = join(parent, key);
  mkdirSync(own, { recursive: true });
  utimesSync(own, now / 1_000, now / 1_000);
  for (const name of readdirSync(parent)) {
    const { mtimeMs } = statSync(join(parent, name), { throwIfNoEntry: false }) ?? { mtimeMs: now };
    if (now - mtimeMs > KEPT_MS) rmSync(join(parent, name), { recursive: true, force: true });
  }
  return { fsModuleCache: true, fsModuleCachePath: own };
}
