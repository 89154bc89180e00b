import { isAbsolute, join, relative } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { givenVariables } from '../../config/config.ts';
import type { Config } from '../../config/validated.ts';

/** Path of this machine's cache in the dev VM. */
const SHARED_CACHE = '/var/cache/kata-cc';

/** The path in the dev VM of a path below this machine's cache. */
export function pathInside(path: string, { cacheDir }: Pick<Config, 'cacheDir'>): string {
  return join(SHARED_CACHE, relative(cacheDir, path));
}

/** The user's settings as the dev VM gets them. Throws {@link ConfigError} for a `KATA_KUBERNETES_BUNDLE` that it does not share. */
export function settingsInside(
  config: Pick<Config, 'cacheDir' | 'kubernetes' | 'kubernetesBundle'>,
): Record<string, string> {
  const { cacheDir, kubernetes, kubernetesBundle } = config;
  if (kubernetesBundle === undefined || kubernetes === 'no') return givenVariables();
  const below = relative(cacheDir, kubernetesBundle);
  if (below.startsWith('..') || isAbsolute(below)) {
    throw new ConfigError(
      `KATA_KUBERNETES_BUNDLE=${kubernetesBundle}: the dev VM does not share it; expected a directory below the cache, ${cacheDir}`,
    );
  }
  return { ...givenVariables(), KATA_KUBERNETES_BUNDLE: pathInside(kubernetesBundle, config) };
}
