import protobuf from 'protobufjs';
import { isFreeKey, methodKey } from '../../helpers/rpc/client.ts';
import type { Field, ProtoSet } from '../describe.ts';
import type { Addition } from './add-endpoint.ts';

/** Name of a set of our protos, which belongs to one kind of agents. */
export type SetName = 'skopeo' | 'main';

/** Services whose methods the typed agent client has, by set of protos. */
const TYPED: Readonly<Record<SetName, ReadonlySet<string>>> = {
  skopeo: new Set(['grpc.AgentService', 'grpc.Image', 'grpc.Health']),
  main: new Set(),
};

/** The capability of targets whose agent implements the set of protos. */
const TAG = { skopeo: 'ccv0-rpc', main: 'main-rpc' } as const satisfies Record<SetName, string>;

/**
 * The text of a spec that compiles, calls the new endpoint, and fails until its author adds the expected response. It
 * is not yet formatted.
 */
export function endpointSpec({ method, set }: Pick<Addition, 'method' | 'set'>, name: SetName): string {
  const [service = '', rpc = ''] = method.split('/');
  const request = set.services.get(service)?.get(rpc)?.request ?? '';
  const fields = [...(set.messages.get(request) ?? [])].flatMap(([key, field]) => exampleField(key, field));
  const argument = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  const call =
    TYPED[name].has(service) && isFreeKey(methodKey(rpc)) && isOnly(rpc, set)
      ? `guest.agent.${methodKey(rpc)}(${argument})`
      : `guest.agent.call('${method}', ${argument})`;
  return `import { describe, expect, test } from '../../fixtures/test.ts';

describe('${rpc}', { tags: ['${TAG[name]}'] }, () => {
  // Write the expected response of ${rpc}, and add a test of a request that the agent rejects.
  test('${rpc} returns its expected response', async ({ guest }) => {
    const answer = await ${call};
    expect(answer).toEqual({ write: 'what ${rpc} returns' });
  });
});
`;
}

/** Whether no other RPC method has the same name in the client. */
function isOnly(rpc: string, { services }: ProtoSet): boolean {
  const keys = [...services.values()].flatMap((methods) => [...methods.keys()].map(methodKey));
  return keys.filter((key) => key === methodKey(rpc)).length === 1;
}

const EXAMPLES: Readonly<Record<string, string>> = { string: "''", bool: 'false', bytes: 'Buffer.alloc(0)' };

/** An example value for a scalar field outside oneofs in a new spec; its author fills in all other fields. */
function exampleField(name: string, { label, oneof, type }: Field): string[] {
  if (label !== 'one' || oneof !== undefined || name === '__proto__') return [];
  const number = /^(u?int|s?fixed|sint)(32|64)$|^(float|double)$/.test(type) ? '0' : undefined;
  const value = EXAMPLES[type] ?? number;
  return value === undefined ? [] : [`${protobuf.util.camelCase(name)}: ${value}`];
}
