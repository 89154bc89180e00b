import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeProtos } from './describe.ts';
import { diffProtos, renderDiff } from './diff.ts';
import { type ExampleCheckout, exampleCheckout, ownProtos, withRpc } from './endpoint/example-checkout.ts';

let checkout: ExampleCheckout;
beforeEach(async () => {
  checkout = await exampleCheckout();
});
afterEach(() => checkout[Symbol.asyncDispose]());

/** The lines that `pnpm kata protos diff` prints for the checkout. */
function diff(): string[] {
  return renderDiff(diffProtos(describeProtos(ownProtos('skopeo')), describeProtos(checkout.directory))).split('\n');
}

describe('protos diff', () => {
  test('pnpm kata protos diff of a set of protos and itself finds no difference', () => {
    expect(diff()).toEqual(['no difference on the wire']);
  });

  test('pnpm kata protos diff lists added methods, messages, fields and enum values', async () => {
    await checkout.change(
      'agent.proto',
      withRpc(
        'rpc Watch(WatchRequest) returns (stream FooKind2);',
        'message WatchRequest { repeated string ids = 4; }\n' +
          'message FooKind2 { enum Kind { PLAIN = 0; FANCY = 1; } Kind kind = 1; map<string, uint32> weights = 2; }\n',
      ),
    );
    expect(diff()).toEqual([
      'grpc.AgentService',
      '  + rpc Watch(grpc.WatchRequest) returns (stream grpc.FooKind2)',
      'grpc.FooKind2',
      '  + (the whole message)',
      '  + grpc.FooKind2.Kind kind = 1',
      '  + map<string, uint32> weights = 2',
      'grpc.FooKind2.Kind',
      '  + (the whole enum)',
      '  + FANCY = 1',
      '  + PLAIN = 0',
      'grpc.WatchRequest',
      '  + (the whole message)',
      '  + repeated string ids = 4',
    ]);
  });

  test.for([
    [
      'a removed method, which breaks peers',
      'agent.proto',
      / {2}rpc AddSwap\(.*\n/,
      '',
      [
        'grpc.AgentService',
        '  - rpc AddSwap(grpc.AddSwapRequest) returns (google.protobuf.Empty)   breaks peers of the other side',
      ],
    ],
    [
      'a method with another request, which breaks peers',
      'agent.proto',
      'CopyFile(CopyFileRequest)',
      'CopyFile(AddSwapRequest)',
      [
        'grpc.AgentService',
        '  ~ rpc CopyFile(grpc.AddSwapRequest) returns (google.protobuf.Empty), was rpc CopyFile(grpc.CopyFileRequest) returns (google.protobuf.Empty)   breaks peers of the other side',
      ],
    ],
    [
      'a field of another type, which breaks peers',
      'image.proto',
      'string image = 1',
      'bytes image = 1',
      ['grpc.PullImageRequest', '  ~ bytes image = 1, was string image = 1   breaks peers of the other side'],
    ],
    [
      'a field with another number, which breaks peers',
      'image.proto',
      'string image = 1',
      'string image = 9',
      ['grpc.PullImageRequest', '  ~ string image = 9, was string image = 1   breaks peers of the other side'],
    ],
    [
      'a field number reused by another field, which breaks peers',
      'image.proto',
      'string image = 1',
      'bytes blob = 1',
      ['grpc.PullImageRequest', '  ~ bytes blob = 1, was string image = 1   breaks peers of the other side'],
    ],
    [
      'a renamed field as the same on the wire',
      'image.proto',
      'string image = 1',
      'string name = 1',
      ['grpc.PullImageRequest', '  ~ string name = 1, was string image = 1   the same on the wire'],
    ],
    [
      'a field moved into a oneof, which breaks peers',
      'image.proto',
      'string image = 1;',
      'oneof what { string image = 1; }',
      [
        'grpc.PullImageRequest',
        '  ~ string image = 1 (oneof what), was string image = 1   breaks peers of the other side',
      ],
    ],
    [
      'a field that became optional, which breaks no peers',
      'image.proto',
      'string image = 1',
      'optional string image = 1',
      ['grpc.PullImageRequest', '  ~ optional string image = 1, was string image = 1'],
    ],
    [
      'a field that became repeated, which breaks peers',
      'image.proto',
      'string image = 1',
      'repeated string image = 1',
      ['grpc.PullImageRequest', '  ~ repeated string image = 1, was string image = 1   breaks peers of the other side'],
    ],
    ['a removed field', 'image.proto', '  string image = 1;\n', '', ['grpc.PullImageRequest', '  - string image = 1']],
    [
      'an alias of an enum value',
      'types.proto',
      'v4 = 0;',
      'option allow_alias = true; v4 = 0; inet = 0;',
      ['types.IPFamily', '  + inet = 0'],
    ],
    [
      'a renamed enum value as the same on the wire',
      'types.proto',
      'v4 = 0;',
      'inet = 0;',
      ['types.IPFamily', '  ~ inet = 0, was v4 = 0   the same on the wire'],
    ],
    [
      'an enum value with another number, which breaks peers',
      'types.proto',
      'v6 = 1;',
      'v6 = 2;',
      ['types.IPFamily', '  ~ v6 = 2, was v6 = 1   breaks peers of the other side'],
    ],
    [
      'no difference for options',
      'image.proto',
      'string image = 1;',
      'string image = 1 [deprecated = true, json_name = "i"]; option deprecated = true;',
      ['no difference on the wire'],
    ],
    [
      'no difference for comments and blanks',
      'image.proto',
      'string image = 1;',
      '/* } "é */ string\n image=1 ; // {',
      ['no difference on the wire'],
    ],
  ] as const)('pnpm kata protos diff reports %s', async ([_title, file, from, to, lines]) => {
    await checkout.change(file, (text) => text.replace(from, to));
    expect(diff()).toEqual(lines);
  });

  test('pnpm kata protos diff of a renamed package lists the old service as removed and the new one with its messages', async () => {
    for (const file of ['agent.proto', 'container.proto', 'network.proto', 'process.proto', 'sandbox.proto'])
      await checkout.change(file, (text) => text.replace('package grpc;', 'package kata.agent;'));
    for (const file of ['oci.proto', 'stats.proto'])
      await checkout.change(file, (text) => text.replace('package grpc;', 'package kata.agent;'));
    const lines = diff();
    expect(lines).toContain('  - (the whole service)   breaks peers of the other side');
    expect(lines).toContain('kata.agent.AgentService');
    expect(lines).toContain('kata.agent.CopyFileRequest');
  });

  test('pnpm kata protos diff leaves out interfaces of other components in the protos directory', async () => {
    await checkout.change(
      'csi.proto',
      () => 'syntax = "proto3"; package csi.v1; message Foo {} service Node { rpc Get(Foo) returns (Foo); }',
    );
    expect(diff()).toEqual(['no difference on the wire']);
  });

  test('pnpm kata protos diff accepts imports by Go paths as in Kata 2.0, public imports, and a byte order mark', async () => {
    const path = 'github.com/kata-containers/kata-containers/src/agent/protocols/protos/types.proto';
    await checkout.change(
      'agent.proto',
      (text) => `\uFEFF${text.replace('import "types.proto"', `import public "${path}"`)}`,
    );
    expect(diff()).toEqual(['no difference on the wire']);
  });
});
