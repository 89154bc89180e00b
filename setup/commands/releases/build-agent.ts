import type { TargetName } from '../../../helpers/contract/target.ts';
import { openSession } from '../../session/open-session.ts';
import { builtAgent } from '../../steps/agent/kata-agent.ts';

/** Builds the agent of a commit of the Kata repository, or finds it in the cache. */
export async function buildAgent(commit: string, targetForAuto: TargetName, signal: AbortSignal): Promise<void> {
  const changes = { agent: 'source', kataBranch: commit } as const;
  await using _ = await openSession({ signal, targetForAuto, changes, build: { steps: [builtAgent] } });
}
