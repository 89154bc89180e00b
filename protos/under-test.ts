import { describeProtos, type ProtoSet } from './describe.ts';
import { agentProtoDirectory, isUnderTest, shimProtoDirectory } from './load.ts';

/**
 * Describes the protos of what a run tests: the agent's, chosen as {@link agentProtoDirectory} chooses them, and the
 * shim's, if the target has a shim. Throws {@link ConfigError}.
 */
export function describeUnderTest(
  agent: Parameters<typeof agentProtoDirectory>[0],
  { shim }: { readonly shim: boolean },
): ProtoSet {
  const ofAgent = describeProtos(agentProtoDirectory(agent));
  if (!shim) return ofAgent;
  const ofShim = describeProtos(shimProtoDirectory());
  return {
    services: new Map([...ofAgent.services, ...ofShim.services]),
    messages: new Map([...ofAgent.messages, ...ofShim.messages]),
    enums: new Map([...ofAgent.enums, ...ofShim.enums]),
    declared: new Map([...ofAgent.declared, ...ofShim.declared]),
  };
}

/** The unary RPC methods under test in `protos`, by full name, each with the full name of its request message. */
export function methodsUnderTest({ services }: Pick<ProtoSet, 'services'>): ReadonlyMap<string, string> {
  const all = [...services].flatMap(([service, methods]) =>
    [...methods]
      .filter(([, { clientStreams, serverStreams }]) => !clientStreams && !serverStreams)
      .map(([method, { request }]) => [`${service}/${method}`, request] as const),
  );
  return new Map(all.filter(([name]) => isUnderTest(name)));
}
