import { describe, expect, test } from 'vitest';
import { describeProtos } from '../../protos/describe.ts';
import { agentProtoDirectory } from '../../protos/load.ts';
import { allowEveryRequest, policyRules } from './default-policy.ts';

/** Rules under the names of invented methods. */
const rules = (...names: string[]): Map<string, string> =>
  new Map(names.map((name, index) => [`Method${index}`, name]));

const RULES = policyRules(describeProtos(agentProtoDirectory({ generation: 'guest-pull' })));

describe('policyRules', () => {
  test.for([
    ['CreateContainer', 'CreateContainerRequest'],
    ['WriteStdin', 'WriteStreamRequest'],
    ['GetGuestDetails', 'GuestDetailsRequest'],
    ['MemAgentMemcgSet', 'MemAgentMemcgConfig'],
  ] as const)('policyRules names the rule of %s after its request message, %s', ([method, rule]) => {
    expect(RULES.get(method)).toBe(rule);
  });

  test('policyRules has a rule for each method of grpc.AgentService and for none of grpc.Health', () => {
    expect(RULES.size).toBe(42);
    expect(RULES.has('Check')).toBe(false);
  });
});

describe('allowEveryRequest', () => {
  test('allows each message once, in a package of its own', () => {
    expect(allowEveryRequest(rules('ReadStreamRequest', 'CheckRequest', 'ReadStreamRequest'))).toEqual({
      text: 'package agent_policy\n\ndefault CheckRequest := true\ndefault ReadStreamRequest := true\n',
    });
  });

  test("keeps upstream's policy, and adds and reports the rules that it lacks", () => {
    const upstream = '# allows\npackage agent_policy\n\ndefault CopyFileRequest := true\n';
    expect(allowEveryRequest(rules('CopyFileRequest', 'SetIPTablesRequest'), upstream)).toEqual({
      text: `${upstream}default SetIPTablesRequest := true\n`,
      change: 'the default policy of its guests also allows SetIPTablesRequest',
    });
  });

  test("returns upstream's policy unchanged if it names every message", () => {
    const upstream = 'package agent_policy\n\ndefault CopyFileRequest := true\n';
    expect(allowEveryRequest(rules('CopyFileRequest'), upstream)).toEqual({ text: upstream });
  });
});
