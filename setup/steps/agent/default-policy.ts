import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { fileExists } from '../../../helpers/files.ts';
import { ALLOW_ALL, allowEveryRequest, type DefaultPolicy } from '../../../helpers/kata/default-policy.ts';

/** File name of an agent's default policy in artefacts and run directories. */
export const POLICY = 'default-policy.rego';

/** Whether an agent reads a default policy. */
export function needsPolicy({ features = [] }: Pick<AgentUnderTest, 'features'>): boolean {
  return features.includes('agent-policy');
}

/** The default policy of a checkout, with a rule for each request of its protos. */
export async function policyOfSource(checkout: string, protos: string): Promise<DefaultPolicy> {
  const file = join(checkout, ALLOW_ALL);
  const upstream = (await fileExists(file)) ? await readFile(file, 'utf8') : undefined;
  return allowEveryRequest(await requestMessages(protos), upstream);
}

/** The messages of the requests to grpc.AgentService, whose names are the names of the policy's rules. */
export async function requestMessages(protos: string): Promise<readonly string[]> {
  const { root } = protobuf.parse(await readFile(join(protos, 'agent.proto'), 'utf8'));
  const { methodsArray } = root.lookupService('grpc.AgentService');
  return methodsArray.map(({ requestType }) => requestType.slice(requestType.lastIndexOf('.') + 1));
}
