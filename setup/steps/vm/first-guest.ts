import { AgentEnded } from '../../../fixtures/guest/agent-ended.ts';
import { within } from '../../../helpers/contract/time-limits.ts';
import { ProvisionError, TimeoutError } from '../../../helpers/errors.ts';
import { RpcError } from '../../../helpers/rpc/error.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { pauseKubelet } from '../../kubernetes/paused-kubelet.ts';
import type { ServiceStep } from '../../step.ts';
import { checkAgent } from '../../target/agent-identity.ts';
import { describedTarget } from './described-target.ts';

/**
 * Timeout of operations without a limit of their own, in milliseconds: a guest has 20 s to answer, eight times that
 * under nested virtualisation.
 */
const TIMEOUT_MS = 900_000;
const QUOTED = 2_000;

/**
 * Step that starts and stops one guest before any spec. It checks once that guests start, that their agent answers, and
 * that the agent is the one that set-up installed; otherwise one error ends the run.
 */
export const firstGuest: ServiceStep<void> = {
  kind: 'service',
  id: 'first-guest',
  module: import.meta.url,
  title: 'first guest',
  needs: () => [describedTarget],
  timeoutMs: TIMEOUT_MS,
  async start(context) {
    const { config, signal } = context;
    const target = context.result(describedTarget);
    // Imported dynamically: loading gRPC is slow, and commands that only list the steps do not need it.
    const { launchGuest } = await import('../../../fixtures/guest/guest.ts');
    await using _ = target.kubernetes === undefined ? undefined : await pauseKubelet();
    await using guest = await launchGuest(target, { sandboxId: 'first-guest', signal }).catch((error: unknown) => {
      signal.throwIfAborted();
      throw error instanceof AgentEnded || error instanceof TimeoutError ? withRemedy(error, config) : error;
    });
    await checkAgent(guest.agent, target.agent, within(target, 'rpc').timeoutMs).catch(async (error: unknown) => {
      if (!(error instanceof RpcError)) throw error;
      // The agent answered Check, but not the calls that identify it: the error quotes the guest's console.
      throw withRemedy(error, config, await guest.console.textSince(0));
    });
  },
};

/** The error with what the guest `said`, unless the error quotes that itself, and with the remedy. */
function withRemedy(
  error: AgentEnded | TimeoutError | RpcError,
  config: ResolvedConfig,
  said?: string,
): ProvisionError {
  const { cacheDir, kernel } = config;
  const quoted = said === undefined ? '' : `; the guest's console ends with:\n${said.trimEnd().slice(-QUOTED)}`;
  const remedy = /Kernel panic/.test(error.message)
    ? `the guest's kernel (KATA_KERNEL=${kernel}) panicked: set KATA_KERNEL to another, or remove ${cacheDir} to rebuild the guest`
    : `no spec can pass with this agent: ${remedyFor(config)}`;
  return new ProvisionError('first-guest', `${error.message}${quoted}\n${remedy}`, { cause: error });
}

function remedyFor({ agent, target }: ResolvedConfig): string {
  if (target === 'kata') return 'set katacontainers_repo and katacontainers_branch to one that starts here';
  const without = 'KATA_AGENT=stand-in runs the suites without Kata';
  switch (agent) {
    case 'source':
      return `set katacontainers_branch to a revision whose agent starts here; ${without}`;
    case 'stand-in':
    case 'auto':
      return 'the stand-in is part of this project; report its output';
    default:
      return `set KATA_AGENT (now ${agent}) to one that starts here; ${without}`;
  }
}
