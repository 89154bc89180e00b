import { join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { readIfThere } from '../../../helpers/files.ts';
import { ALLOW_ALL, allowEveryRequest, type DefaultPolicy, policyRules } from '../../../helpers/kata/default-policy.ts';
import { describeProtos } from '../../../protos/describe.ts';

/** File name of an agent's default policy in artefacts and run directories. */
export const POLICY = 'default-policy.rego';

/** Whether an agent reads a default policy. */
export function needsPolicy({ features = [] }: Pick<AgentUnderTest, 'features'>): boolean {
  return features.includes('agent-policy');
}

/** The default policy of a checkout, with a rule for each request of its protos. */
export async function policyOfSource(checkout: string, protos: string): Promise<DefaultPolicy> {
  return allowEveryRequest(policyRules(describeProtos(protos)), await readIfThere(join(checkout, ALLOW_ALL)));
}
