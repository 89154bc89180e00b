import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { describeProtos, type ProtoSet } from './describe.ts';
import { declaredFields, setFields } from './fields.ts';
import { agentProtoDirectory } from './load.ts';

const AGENT = `syntax = "proto3"; package grpc;
enum Kind { NONE = 0; SOME = 1; }
message S {
  string text = 1; uint64 count = 2; bool yes = 3; bytes data = 4; Kind kind = 5; optional uint32 maybe = 6;
  oneof choice { string left_side = 7; uint32 right = 8; }
  repeated Inner list = 9; map<string, Inner> by_name = 10; map<string, string> plain = 11; S again = 12; Empty none = 13;
}
message Inner { string value = 1; repeated uint32 numbers = 2; }
message Empty {}`;

let protos: ProtoSet;
beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-fields-'));
  try {
    await writeFile(join(directory, 'agent.proto'), AGENT);
    protos = describeProtos(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

test('declaredFields lists the fields that hold no message, through repeated fields, maps and oneofs', () => {
  expect(declaredFields(protos, 'grpc.S')).toEqual([
    ...['text', 'count', 'yes', 'data', 'kind', 'maybe', 'left_side', 'right'],
    ...['list.value', 'list.numbers', 'by_name.value', 'by_name.numbers', 'plain'],
  ]);
});

test.for([
  [{ text: '', count: 0, yes: false, data: Buffer.alloc(0), kind: 'NONE', list: [], byName: {}, plain: {} }, []],
  [{ count: '0', kind: 0, none: {}, text: null }, []],
  [
    { text: 'a', count: '7', yes: true, data: Buffer.from('x'), kind: 'SOME' },
    ['text', 'count', 'yes', 'data', 'kind'],
  ],
  [{ maybe: 0, leftSide: 'a' }, ['maybe', 'left_side']],
  [{ right: 0 }, ['right']],
  [{ list: [{ value: 'a' }, { value: 'b', numbers: [0] }] }, ['list.value', 'list.numbers']],
  [{ byName: { one: { value: 'a' } }, plain: { a: '' } }, ['by_name.value', 'plain']],
  [{ again: { text: 'a' } }, []],
] as const)('setFields(%j) is %j', ([request, paths]) => {
  expect(setFields(protos, 'grpc.S', request)).toEqual(paths);
});

test('setFields lists the fields of a request to the agent in the spelling of its protos', () => {
  const ours = describeProtos(agentProtoDirectory({ generation: 'skopeo' }));
  const request = { containerId: 'c', OCI: { Process: { User: { UID: 5, GID: 0 }, Args: ['a'] } } };
  const set = setFields(ours, 'grpc.CreateContainerRequest', request);
  expect(set).toEqual(['container_id', 'OCI.Process.User.UID', 'OCI.Process.Args']);
  expect(declaredFields(ours, 'grpc.CreateContainerRequest')).toEqual(expect.arrayContaining([...set]));
});
