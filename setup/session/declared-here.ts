import { join } from 'node:path';
import { readIfThere } from '../../helpers/files.ts';
import { parseRepository } from '../../helpers/git/repository.ts';
import { FULL_ID, WORKTREE } from '../../helpers/git/snapshot.ts';
import { type DeclaredVersions, parseDeclaredVersions } from '../../helpers/kata/declared-versions.ts';
import { declaredIfFetched } from '../config/declared-versions.ts';
import { whereKataIsBuilt } from '../config/effect.ts';
import { gitStore } from '../config/git-store.ts';
import { kataRevision } from '../config/resolve.ts';
import type { TargetedConfig } from '../config/validated.ts';

/**
 * The versions that the Kata under test declares, as far as this machine knows them without a network; `undefined` if it does not, or if
 * no Kata is built or installed. Throws {@link ConfigError} for a checkout that lacks the revision.
 */
export async function declaredHere(config: TargetedConfig): Promise<DeclaredVersions | undefined> {
  const { bundle, kataBranch, kataRepo, target } = config;
  if (target === 'kata' && bundle !== undefined) {
    // Imported dynamically: the steps that make a bundle load packages that the doctor does not need.
    const { readBundle } = await import('../steps/kata/kata-bundle.ts');
    return (await readBundle(bundle)).declared;
  }
  if (whereKataIsBuilt(config) !== undefined) return undefined;
  const repository = parseRepository(kataRepo);
  if (repository.kind === 'remote') {
    return FULL_ID.test(kataBranch)
      ? declaredIfFetched(await kataRevision(config), { store: gitStore(config) })
      : undefined;
  }
  if (kataBranch !== WORKTREE) return declaredIfFetched(await kataRevision(config), { store: gitStore(config) });
  // Read in place: a snapshot of the working directory would be written to the cache.
  const text = await readIfThere(join(repository.path, 'versions.yaml'));
  return text === undefined ? undefined : parseDeclaredVersions(text, repository.path);
}
