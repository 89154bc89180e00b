import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { NYDUS_PROGRAMS, nydusIn, parseNydusVersion } from '../../helpers/nydus/snapshotter.ts';
import { tryNydus } from '../../helpers/nydus/trial.ts';
import { checkProgram, whyNotRunnable } from './custom-program.ts';

/** How long a snapshotter of the user's may take to answer after its start, in milliseconds; it takes 50. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Checks the nydus-snapshotter in a directory of the user's: that it is one, and, as root, that it answers in proxy mode. Throws
 * {@link ProvisionError}.
 */
export async function checkNydus(directory: string, signal: AbortSignal): Promise<ComponentProgram> {
  const [name, helper] = NYDUS_PROGRAMS;
  const programs = nydusIn(directory);
  const setting = `KATA_NYDUS=${directory}`;
  const what = 'a containerd-nydus-grpc of nydus-snapshotter';
  const program = await checkProgram(
    { name, path: programs.snapshotter, what, setting, parse: parseNydusVersion },
    signal,
  );
  const problem = await whyNotRunnable(programs.overlayfs);
  if (problem !== undefined) throw new ProvisionError(name, `${setting}: ${helper}: ${problem}`);
  if (process.getuid?.() !== 0) return program;
  await tryNydus(programs, { timeoutMs: ANSWER_TIMEOUT_MS, signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new ProvisionError(name, `${setting}: ${messageOf(cause)}`, { cause });
  });
  return program;
}
