import type { ProtoSet } from '../../protos/describe.ts';
import { defined } from '../defined.ts';

/**
 * The file in a guest from which an agent with the feature agent-policy reads its policy when it starts; without the
 * file, the agent ends. Source: src/agent/policy/src/policy.rs, in older releases src/agent/src/main.rs.
 */
export const DEFAULT_POLICY_FILE = '/etc/kata-opa/default-policy.rego';

/** The default policy in Kata's source, which upstream's root file system has as {@link DEFAULT_POLICY_FILE}. */
export const ALLOW_ALL = 'src/kata-opa/allow-all.rego';

/** The rule of the agent's policy that decides each method of `grpc.AgentService`, by method. */
export type PolicyRules = ReadonlyMap<string, string>;

/**
 * The rules of an agent with these protos. A rule has the name of the method's request message
 * (`descriptor_dyn().name()`): WriteStdin is decided by WriteStreamRequest, GetGuestDetails by GuestDetailsRequest,
 * MemAgentMemcgSet by MemAgentMemcgConfig. Source: is_allowed() of src/agent/src/policy.rs. The agent checks no method of
 * other services, Check and Version among them.
 */
export function policyRules({ services }: Pick<ProtoSet, 'services'>): PolicyRules {
  const methods = [...(services.get('grpc.AgentService') ?? [])];
  return new Map(methods.map(([name, { request }]) => [name, request.slice(request.lastIndexOf('.') + 1)]));
}

/** A policy that allows every request. */
export interface DefaultPolicy {
  /** The policy in Rego. */
  readonly text: string;
  /** Description of the rules that upstream's policy lacks; absent if it has a rule for every request. */
  readonly change?: string;
}

/**
 * A policy that allows every request: upstream's, and each of the rules that it does not have. The agent rejects a
 * request without a rule, as "unexpected eval_query result".
 */
export function allowEveryRequest(rules: PolicyRules, upstream?: string): DefaultPolicy {
  const named = new Set([...(upstream ?? '').matchAll(/^(?:default\s+)?(\w+)\s*:?=/gm)].map(([, rule]) => rule));
  const added = [...new Set(rules.values())].filter((rule) => !named.has(rule)).sort();
  const lines = added.map((rule) => `default ${rule} := true\n`);
  if (upstream === undefined) return { text: ['package agent_policy\n\n', ...lines].join('') };
  const change = added.length === 0 ? undefined : `the default policy of its guests also allows ${added.join(', ')}`;
  return { text: [upstream.trimEnd(), '\n', ...lines].join(''), ...defined({ change }) };
}
