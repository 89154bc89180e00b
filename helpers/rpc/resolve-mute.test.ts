import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeProtos, type ProtoSet } from '../../protos/describe.ts';
import { agentProtoDirectory } from '../../protos/load.ts';
import { resolveMute } from './resolve-mute.ts';

const OURS = describeProtos(agentProtoDirectory({ generation: 'skopeo' }));

const AGENT = `syntax = "proto3"; package grpc;
service AgentService { rpc Set(S) returns (E); rpc Version(E) returns (E); rpc Watch(E) returns (stream E); }
service Health { rpc Version(E) returns (E); }
message E {}
message S { map<string, Inner> by_name = 1; oneof choice { string left_side = 2; string right = 3; } repeated Inner list = 4; }
message Inner { string value = 1; map<string, string> plain = 2; }`;
const HUB = 'syntax = "proto3"; package api; message P {} service Pulls { rpc PullImage(P) returns (P); }';

let own: ProtoSet;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mute-'));
  try {
    await writeFile(join(directory, 'agent.proto'), AGENT);
    await writeFile(join(directory, 'hub.proto'), HUB);
    own = describeProtos(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test.for(['PauseContainer', 'AgentService/PauseContainer', 'grpc.AgentService/PauseContainer'])(
  'resolveMute finds the RPC method that KATA_MUTE=%s names',
  (text) => {
    const name = 'grpc.AgentService/PauseContainer';
    expect(resolveMute(text, OURS)).toEqual({ name, method: name });
  },
);

test.for(['PauseContainer.container_id', 'grpc.AgentService/PauseContainer.containerId'])(
  'resolveMute finds the request field that KATA_MUTE=%s names, in the spelling of the protos',
  (text) => {
    expect(resolveMute(text, OURS)).toEqual({
      name: 'grpc.AgentService/PauseContainer.container_id',
      method: 'grpc.AgentService/PauseContainer',
      path: [{ names: ['containerId'] }],
    });
  },
);

test('resolveMute follows messages, repeated fields and maps, and takes a oneof as all of its members', () => {
  const pathOf = (text: string): unknown => resolveMute(text, own).path;
  expect(pathOf('Set.by_name.value')).toEqual([{ names: ['byName'], map: true }, { names: ['value'] }]);
  expect(pathOf('Set.list.plain')).toEqual([{ names: ['list'] }, { names: ['plain'], map: true }]);
  expect(pathOf('Set.choice')).toEqual([{ names: ['leftSide', 'right'] }]);
  expect(pathOf('Set.leftSide')).toEqual([{ names: ['leftSide'] }]);
});

test.for([
  ['PauseContaner', 'the agent has no RPC method PauseContaner; did you mean PauseContainer?'],
  ['AgentService/PauseContaner', 'RPC method AgentService/PauseContaner; did you mean AgentService/PauseContainer?'],
  [
    'Image/PauseContainer',
    'the agent has no RPC method Image/PauseContainer; did you mean AgentService/PauseContainer?',
  ],
  ['PauseContainer.contaner_id', 'grpc.PauseContainerRequest has no field contaner_id; did you mean container_id?'],
  ['PauseContainer.', 'grpc.PauseContainerRequest has no field ""; it has container_id'],
  ['CreateContainer.OCI.Process.Usr', 'grpc.Process has no field Usr; did you mean User?'],
  ['CreateContainer.OCI.Version.x', 'string has no fields, so there is no x in it'],
])('resolveMute rejects KATA_MUTE=%s and says what exists', ([text = '', message]) => {
  expect(() => resolveMute(text, OURS)).toThrow(message);
});

test.for([
  ['Version', 'several services have Version; name one of grpc.AgentService/Version, grpc.Health/Version'],
  ['PullImage', 'the agent has no RPC method PullImage; it has Set, Version, Version'],
  ['Watch', 'the agent has no RPC method Watch'],
  ['Version.x', 'several services have Version'],
  ['Health/Version.x', 'grpc.E has no field x; it has none'],
  ['Set.choice.x', 'choice of grpc.S is a oneof; name one of left_side, right instead'],
  ['Set.list.plain.x', 'string has no fields'],
])('resolveMute rejects KATA_MUTE=%s for these protos', ([text = '', message]) => {
  expect(() => resolveMute(text, own)).toThrow(message);
});
