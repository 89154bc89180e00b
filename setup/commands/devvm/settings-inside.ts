import { isAbsolute, join, relative, sep } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { givenVariables, VARIABLES } from '../../config/config.ts';
import { realPath } from '../../config/path-settings.ts';
import type { Config } from '../../config/validated.ts';
import { projectPath } from '../../project.ts';

/** Path of this project in the dev VM. */
export const PROJECT_INSIDE = '/srv/kata-cc-suite';

/** Path of this machine's cache in the dev VM. */
const CACHE_INSIDE = '/var/cache/kata-cc';

/** Settings that may be paths, which the dev VM reads as well. */
const PATHS = ['agentCtl', 'bundle', 'genpolicy', 'kubernetesBundle', 'mute', 'policy', 'protos'] as const;

type Settings = Pick<Config, 'cacheDir' | 'kubernetes' | (typeof PATHS)[number]>;

/** The path in the dev VM of a path without symbolic links, below this machine's cache or this project; `undefined` of any other. */
function pathInside(path: string, { cacheDir }: Pick<Config, 'cacheDir'>): string | undefined {
  const shared = [
    [realPath(cacheDir), CACHE_INSIDE],
    [realPath(projectPath('.')), PROJECT_INSIDE],
  ] as const;
  for (const [directory, inside] of shared) {
    const below = relative(directory, path);
    if (below !== '..' && !below.startsWith(`..${sep}`) && !isAbsolute(below)) return join(inside, below);
  }
  return undefined;
}

/**
 * The user's settings as the dev VM gets them, with the paths that they have there. Throws {@link ConfigError} for a path that it does not
 * share.
 */
export function settingsInside(config: Settings, given = givenVariables()): Record<string, string> {
  const settings = { ...given };
  for (const key of PATHS) {
    const { name } = VARIABLES[key];
    const value = config[key];
    // Without Kubernetes, its bundle has no effect.
    const used = key !== 'kubernetesBundle' || config.kubernetes !== 'no';
    if (value === undefined || !isAbsolute(value) || settings[name] === undefined || !used) continue;
    const inside = pathInside(realPath(value), config);
    if (inside === undefined) {
      throw new ConfigError(
        `${name}=${value}: the dev VM does not share it; expected a path below this project or the cache, ${config.cacheDir}`,
      );
    }
    settings[name] = inside;
  }
  return settings;
}
