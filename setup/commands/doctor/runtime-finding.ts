import { ConfigError } from '../../../helpers/errors.ts';
import { parseRepository } from '../../../helpers/git/repository.ts';
import type { KataRuntime } from '../../../helpers/kata/runtimes.ts';
import { gitStore } from '../../config/git-store.ts';
import { resolveRuntime } from '../../config/kata-runtime.ts';
import { SEED_COMMIT } from '../../config/pins.ts';
import { kataRevision } from '../../config/resolve.ts';
import type { TargetedConfig } from '../../config/validated.ts';
import type { CheckResult } from '../../host/doctor.ts';

/** Which of Kata's runtimes is built, as far as it is known, and what the doctor says of it. */
export interface RuntimeFinding {
  readonly checks: readonly CheckResult[];
  readonly runtime?: KataRuntime;
}

/**
 * Which of Kata's runtimes a checkout on this machine gives, or why it does not have that of KATA_RUNTIME. No check of a repository
 * elsewhere, since the doctor uses no network, nor of a bundle.
 */
export async function runtimeFinding(config: TargetedConfig): Promise<RuntimeFinding> {
  const { bundle, kataBranch, kataRepo, runtime, target } = config;
  if (target !== 'kata' || bundle !== undefined) return { checks: [] };
  if (parseRepository(kataRepo).kind === 'remote') {
    const known = runtime === 'auto' && kataBranch === SEED_COMMIT ? 'go' : runtime;
    return { checks: [], ...(known === 'auto' ? {} : { runtime: known }) };
  }
  try {
    const resolved = await resolveRuntime(config, await kataRevision(config), { store: gitStore(config) });
    const { builtRuntime = 'go', whyRuntime } = resolved;
    const what = `runtime ${builtRuntime}${whyRuntime === undefined ? '' : `: ${whyRuntime}`}`;
    return { checks: [{ what }], runtime: builtRuntime };
  } catch (error) {
    if (error instanceof ConfigError) return { checks: [{ what: 'runtime', problem: error.message }] };
    throw error;
  }
}
