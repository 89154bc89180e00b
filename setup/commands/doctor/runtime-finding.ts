import { ConfigError } from '../../../helpers/errors.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import { gitStore } from '../../config/git-store.ts';
import { resolveRuntime } from '../../config/kata-runtime.ts';
import { kataRevision } from '../../config/resolve.ts';
import type { TargetedConfig } from '../../config/validated.ts';
import type { CheckResult } from '../../host/doctor.ts';

/**
 * Which of Kata's runtimes a checkout on this machine gives, or why it does not have that of KATA_RUNTIME. No finding for a repository
 * elsewhere, since the doctor uses no network, nor for a bundle.
 */
export async function runtimeFinding(config: TargetedConfig): Promise<readonly CheckResult[]> {
  const { bundle, kataRepo, target } = config;
  if (target !== 'kata' || bundle !== undefined || parseRepository(kataRepo).kind === 'remote') return [];
  try {
    const resolved = await resolveRuntime(config, await kataRevision(config), { store: gitStore(config) });
    const { builtRuntime, whyRuntime } = resolved;
    return [{ what: `runtime ${builtRuntime}${whyRuntime === undefined ? '' : `: ${whyRuntime}`}` }];
  } catch (error) {
    if (error instanceof ConfigError) return [{ what: 'runtime', problem: error.message }];
    throw error;
  }
}
