import { defined } from '../defined.ts';

/**
 * The file in a guest from which an agent with the feature agent-policy reads its policy when it starts; without the
 * file, the agent ends. Source: src/agent/policy/src/policy.rs, in older releases src/agent/src/main.rs.
 */
export const DEFAULT_POLICY_FILE = '/etc/kata-opa/default-policy.rego';

/** The default policy in Kata's source, which upstream's root file system has as {@link DEFAULT_POLICY_FILE}. */
export const ALLOW_ALL = 'src/kata-opa/allow-all.rego';

/** A policy that allows every request. */
export interface DefaultPolicy {
  /** The policy in Rego. */
  readonly text: string;
  /** Description of the rules that upstream's policy lacks; absent if it has a rule for every request. */
  readonly change?: string;
}

/**
 * A policy that allows every request: upstream's, and a rule for each request that it does not name. The agent rejects
 * a request without a rule, as "unexpected eval_query result". The agent finds the rule of a request by the name of its
 * message (`descriptor_dyn().name()`), such as GuestDetailsRequest for the method GetGuestDetails.
 */
export function allowEveryRequest(messages: Iterable<string>, upstream?: string): DefaultPolicy {
  const named = new Set([...(upstream ?? '').matchAll(/^(?:default\s+)?(\w+)\s*:?=/gm)].map(([, rule]) => rule));
  const added = [...new Set(messages)].filter((message) => !named.has(message)).sort();
  const rules = added.map((message) => `default ${message} := true\n`);
  if (upstream === undefined) return { text: ['package agent_policy\n\n', ...rules].join('') };
  const change = added.length === 0 ? undefined : `the default policy of its guests also allows ${added.join(', ')}`;
  return { text: [upstream.trimEnd(), '\n', ...rules].join(''), ...defined({ change }) };
}
