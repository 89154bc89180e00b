import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeProtos } from '../describe.ts';
import { addEndpoint } from './add-endpoint.ts';
import { type ExampleCheckout, exampleCheckout, ownProtos, withRpc } from './example-checkout.ts';
import { endpointSpec, type SetName } from './spec.ts';

let checkout: ExampleCheckout;
beforeEach(async () => {
  checkout = await exampleCheckout();
});
afterEach(() => checkout[Symbol.asyncDispose]());

async function specOf(rpc: string, set: SetName = 'skopeo', fields = ''): Promise<string> {
  await checkout.change(
    'agent.proto',
    withRpc(`rpc ${rpc}(FooRequest) returns (OOMEvent);`, `message FooRequest { ${fields} }`),
  );
  return endpointSpec(addEndpoint(ownProtos('skopeo'), describeProtos(checkout.directory), `AgentService/${rpc}`), set);
}

test.for([
  ['skopeo', "describe('GetFoo', { tags: ['ccv0-rpc'] }"],
  ['main', "describe('GetFoo', { tags: ['main-rpc'] }"],
] as const)('the new spec of a method in protos/%s has the tag of that generation', async ([set, line]) => {
  expect(await specOf('GetFoo', set)).toContain(line);
});

test('the new spec of a method has an example of each scalar request field outside oneofs, under its proto-loader name', async () => {
  const fields =
    'string container_id = 1; uint64 cpu_2 = 2; oneof what { bool a = 3; bytes b = 4; } repeated string r = 5; optional string o = 6; bytes Data = 7; OOMEvent e = 8; double half_life = 9;';
  expect(await specOf('GetFoo', 'skopeo', fields)).toContain(
    "guest.agent.getFoo({ containerId: '', cpu_2: 0, Data: Buffer.alloc(0), halfLife: 0 })",
  );
});

test.for([
  ['GetFoo', 'skopeo', 'guest.agent.getFoo('],
  ['Delete', 'skopeo', 'guest.agent.delete('],
  ['GetFoo', 'main', "guest.agent.call('grpc.AgentService/GetFoo', "],
  // Names of members of the client itself, and `then`, which would make the client a promise.
  ['Call', 'skopeo', "guest.agent.call('grpc.AgentService/Call', "],
  ['Address', 'skopeo', "guest.agent.call('grpc.AgentService/Address', "],
  ['Constructor', 'skopeo', "guest.agent.call('grpc.AgentService/Constructor', "],
  ['Then', 'skopeo', "guest.agent.call('grpc.AgentService/Then', "],
  // grpc.Health has a method of the same name.
  ['Check', 'skopeo', "guest.agent.call('grpc.AgentService/Check', "],
] as const)('the new spec of the method %s in protos/%s calls it as %s', async ([rpc, set, call]) => {
  expect(await specOf(rpc, set)).toContain(call);
});
