import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeProtos } from '../../protos/describe.ts';
import { agentProtoDirectory, loadAgentProtos } from '../../protos/load.ts';
import type { Mute } from '../contract/mute.ts';
import type { RpcRecord } from '../contract/rpc-record.ts';
import { TtrpcServerConnection } from '../ttrpc/server.ts';
import { type Agent, connectAgent } from './agent.ts';
import { mutedRecord, muteInterceptor, withoutField } from './mute.ts';
import { resolveMute } from './resolve-mute.ts';

const PROTOS = loadAgentProtos({ generation: 'skopeo' });
const DESCRIBED = describeProtos(agentProtoDirectory({ generation: 'skopeo' }));

/** The requests that arrived at the agent, decoded. */
const arrived: { readonly method: string; readonly request: object }[] = [];
let owned: AsyncDisposableStack;
let address: string;
beforeEach(async () => {
  arrived.length = 0;
  owned = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mute-'));
  owned.defer(() => rm(directory, { recursive: true, force: true }));
  const server = createServer((socket: Socket) => {
    new TtrpcServerConnection(socket, async ({ method, payload, service }) => {
      const decode = PROTOS.services.get(service)?.[method]?.requestDeserialize;
      arrived.push({ method, request: decode?.(Buffer.from(payload)) as object });
      return new Uint8Array(0);
    });
  });
  owned.defer(() => void server.close());
  address = `unix://${directory}/agent.sock`;
  await once(server.listen(`${directory}/agent.sock`), 'listening');
});
afterEach(() => owned.disposeAsync());

const resolved = (what: string): readonly Mute[] => what.split(' ').map((each) => resolveMute(each, DESCRIBED));

/** A client of the agent that withholds these methods and fields while `applies` returns true. */
function muted(what: string, applies = (): boolean => true): Agent {
  const mutes = resolved(what);
  const interceptors = [muteInterceptor(() => (applies() ? mutes : []))];
  return connectAgent(address, { protos: PROTOS, timeoutMs: 10_000, interceptors });
}

test('an RPC method in KATA_MUTE is never sent, and resolves to the default message of its response', async () => {
  await using agent = muted('WaitProcess');
  expect(await agent.waitProcess({ containerId: 'c' })).toEqual({ status: 0 });
  await agent.pauseContainer({ containerId: 'c' });
  expect(arrived.map(({ method }) => method)).toEqual(['PauseContainer']);
});

test('an RPC method in KATA_MUTE is sent until the mute applies', async () => {
  let applies = false;
  await using agent = muted('Check', () => applies);
  await agent.check({});
  applies = true;
  await agent.check({});
  expect(arrived.map(({ method }) => method)).toEqual(['Check']);
});

test('a muted field arrives with its default, all others as sent, also in methods with the same field', async () => {
  await using agent = muted('ExecProcess.exec_id');
  await agent.execProcess({ containerId: 'c', execId: 'e' });
  await agent.signalProcess({ containerId: 'c', execId: 'e', signal: 9 });
  expect(arrived).toMatchObject([
    { request: { containerId: 'c', execId: '' } },
    { request: { containerId: 'c', execId: 'e', signal: 9 } },
  ]);
});

test('several muted fields of one RPC method are all withheld, and a muted method is not sent whatever its fields', async () => {
  await using fields = muted('SignalProcess.exec_id SignalProcess.signal PauseContainer');
  await fields.signalProcess({ containerId: 'c', execId: 'e', signal: 9 });
  await fields.pauseContainer({ containerId: 'c' });
  await using method = muted('SignalProcess.exec_id SignalProcess');
  await method.signalProcess({ containerId: 'c', execId: 'e', signal: 9 });
  expect(arrived).toEqual([
    { method: 'SignalProcess', request: expect.objectContaining({ containerId: 'c', execId: '', signal: 0 }) },
  ]);
});

test('a request field in KATA_MUTE below repeated fields is left out of each element, and the caller keeps its request', async () => {
  const request = {
    containerId: 'c',
    OCI: {
      Process: { User: { UID: 5, GID: 6 }, Terminal: true },
      Mounts: [
        { destination: '/a', options: ['ro'] },
        { destination: '/b', options: ['rw'] },
      ],
    },
  };
  const before = structuredClone(request);
  await using user = muted('CreateContainer.OCI.Process.User.UID');
  await user.createContainer(request);
  await using mounts = muted('CreateContainer.OCI.Mounts.options');
  await mounts.createContainer(request);
  expect(arrived).toMatchObject([
    { request: { OCI: { Process: { User: { UID: 0, GID: 6 }, Terminal: true }, Mounts: before.OCI.Mounts } } },
    {
      request: {
        OCI: {
          Process: { User: { UID: 5, GID: 6 } },
          Mounts: [
            { destination: '/a', options: [] },
            { destination: '/b', options: [] },
          ],
        },
      },
    },
  ]);
  expect(request).toEqual(before);
});

test('withoutField applies the path to every value of a map, and drops every member of a oneof', () => {
  const message = { byName: { a: { x: 1, y: 2 }, b: { x: 3 } }, one: 1, other: 2, kept: null };
  expect(withoutField(message, [{ names: ['byName'], map: true }, { names: ['x'] }])).toEqual({
    ...message,
    byName: { a: { y: 2 }, b: {} },
  });
  expect(withoutField(message, [{ names: ['one', 'other'] }])).toEqual({ byName: message.byName, kept: null });
  expect(withoutField(message, [{ names: ['kept'] }, { names: ['x'] }])).toEqual(message);
});

test('the record of an RPC call with KATA_MUTE says that nothing was sent, or lacks the field that was not sent', () => {
  const record: RpcRecord = {
    method: 'grpc.AgentService/ExecProcess',
    request: { containerId: 'c', execId: 'e' },
    status: 'ok',
    details: '',
    startedAt: 0,
    durationMs: 1,
  };
  expect(mutedRecord(resolved('ExecProcess.exec_id ExecProcess'), record).details).toMatch(/^muted .* never sent/);
  expect(mutedRecord(resolved('ExecProcess.exec_id'), record)).toEqual({
    ...record,
    request: { containerId: 'c' },
  });
  expect(mutedRecord(resolved('StartContainer'), record)).toBe(record);
});
