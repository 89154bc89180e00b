import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeProtos } from '../describe.ts';
import { diffProtos } from '../diff.ts';
import { type Addition, addEndpoint } from './add-endpoint.ts';
import { type ExampleCheckout, exampleCheckout, ownProtos, withRpc } from './example-checkout.ts';
import { kebabCase } from './kebab-case.ts';

let checkout: ExampleCheckout;
/** Directory with a copy of our protos, to which the tests write the additions. */
let ours: string;
beforeEach(async () => {
  checkout = await exampleCheckout();
  ours = await mkdtemp(join(tmpdir(), 'kata-cc-endpoint-'));
  await cp(ownProtos('skopeo'), ours, { recursive: true });
});
afterEach(async () => {
  await checkout[Symbol.asyncDispose]();
  await rm(ours, { recursive: true, force: true });
});

const add = (name = 'GetFoo'): Addition => addEndpoint(ours, describeProtos(checkout.directory), name);

/**
 * Adds a method of the checkout to the copy of our protos, writes the files, and expects no remaining difference from
 * the checkout; returns the written texts.
 */
async function added(name = 'GetFoo'): Promise<Record<string, string>> {
  const { files } = add(name);
  for (const [file, text] of files) await writeFile(join(ours, file), text);
  const left = diffProtos(describeProtos(ours), describeProtos(checkout.directory));
  expect(left).toEqual([]);
  return Object.fromEntries(files);
}

/** The message of the error that addEndpoint throws. */
function rejection(name = 'GetFoo'): string {
  try {
    add(name);
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
  throw new Error(`${name} was added`);
}

const GET_FOO = 'rpc GetFoo(GetFooRequest) returns (GetFooResponse);';
const RESPONSE = 'message GetFooResponse {}\n';

describe('pnpm kata endpoint add of a new method', () => {
  test('pnpm kata endpoint add writes the rpc to agent.proto and its messages to a new file', async () => {
    await checkout.change(
      'agent.proto',
      withRpc(GET_FOO, `message GetFooRequest { string id = 1; types.Interface nic = 2; }\n${RESPONSE}`),
    );
    const files = await added();
    expect(files['get-foo.proto']).toBe(`// For grpc.AgentService/GetFoo.
syntax = "proto3";

package grpc;

import "types.proto";

message GetFooRequest {
  string id = 1;
  types.Interface nic = 2;
}

message GetFooResponse {}
`);
    const before = await readFile(join(ownProtos('skopeo'), 'agent.proto'), 'utf8');
    expect(files['agent.proto']).toBe(
      before
        .replace('31 methods', '32 methods')
        .replace('import "google/protobuf/empty.proto";\n', '$&import "get-foo.proto";\n')
        .replace(/\n}\n$/, '\n  rpc GetFoo(GetFooRequest) returns (GetFooResponse);\n}\n')
        .replace(
          'import "google/protobuf/empty.proto";\nimport "get-foo.proto";',
          'import "get-foo.proto";\nimport "google/protobuf/empty.proto";',
        ),
    );
  });

  test.for([
    [
      'well-known types',
      'google.protobuf.Timestamp at = 1; google.protobuf.Any any = 2; google.protobuf.StringValue s = 3; google.protobuf.Duration d = 4; google.protobuf.Struct st = 5; google.protobuf.FieldMask m = 6; repeated google.protobuf.Empty e = 7; map<string, google.protobuf.Value> v = 8; google.protobuf.NullValue n = 9;',
      '',
    ],
    ['an enum with aliases', 'Kind kind = 1;', 'enum Kind { option allow_alias = true; A = 0; ALSO_A = 0; B = -1; }'],
    [
      'nested messages and enums',
      'Part.Side side = 1; Part.Inner.Deep deep = 2;',
      'message Part { enum Side { L = 0; } message Inner { message Deep { Side side = 1; Inner inner = 2; } } }',
    ],
    ['a recursive message', 'Tree tree = 1;', 'message Tree { repeated Tree trees = 1; map<int32, Tree> more = 2; }'],
    [
      'reserved numbers and names',
      'Kept kept = 1; Kind kind = 2;',
      'message Kept { reserved 2, 4 to 6, 9 to max; reserved "old", "older"; string a = 1; } enum Kind { reserved 3; A = 0; }',
    ],
    [
      'oneofs and optional fields',
      'oneof what { string a = 1; Part b = 2; } optional uint32 c = 3; oneof other { bytes d = 4; }',
      'message Part {}',
    ],
    [
      'maps with scalar, enum and message values',
      'map<string, bytes> a = 1; map<int64, Kind> b = 2; map<bool, types.Route> c = 3;',
      'enum Kind { A = 0; }',
    ],
    [
      'fields named like .proto keywords',
      'string message = 1; string optional = 2; string reserved = 3; string enum = 4; string rpc = 5; Stream stream = 6;',
      'message Stream {}',
    ],
    [
      'fields with custom and deprecated options',
      'string a = 1 [deprecated = true, (mine) = { text: "}" }, json_name = "z"]; option deprecated = true;',
      'extend google.protobuf.FieldOptions { Mine mine = 50001; } message Mine { string text = 1; }',
    ],
    [
      'fields between comments with odd characters',
      '/* } message X { "é\u2028 */ string a = 1; // it\'s "half quoted { \n',
      '// }}} \' "\n',
    ],
    [
      'a type name that a nested message hides',
      'Outer outer = 1;',
      'message Outer { message Part { string x = 1; } grpc.Part other = 1; Part own = 2; } message Part { string y = 1; }',
    ],
    [
      'a package name that a nested message hides',
      'Outer outer = 1;',
      'message Outer { message types { string x = 1; } .types.Route route = 1; types own = 2; }',
    ],
  ] as const)('pnpm kata endpoint add copies %s from the checkout', async ([_title, fields, declarations]) => {
    const imports = ['any', 'timestamp', 'wrappers', 'duration', 'struct', 'field_mask', 'descriptor'].map(
      (name) => `google/protobuf/${name}.proto`,
    );
    const request = `message GetFooRequest { ${fields} }\n${RESPONSE}`;
    await checkout.change('agent.proto', withRpc(GET_FOO, request + declarations, imports));
    const { 'get-foo.proto': text = '' } = await withoutMine();
    expect(text).not.toContain('é');
  });

  /** Like `added`, but leaves out the message of a custom option, which the method does not need. */
  async function withoutMine(): Promise<Record<string, string>> {
    const { files, set } = add();
    for (const [file, text] of files) await writeFile(join(ours, file), text);
    expect(describeProtos(ours).declared).toEqual(set.declared);
    const left = diffProtos(describeProtos(ours), describeProtos(checkout.directory));
    expect(left.filter(({ in: name }) => name !== 'grpc.Mine')).toEqual([]);
    return Object.fromEntries(files);
  }

  test('pnpm kata endpoint add keeps reserved numbers and names, and enum aliases', async () => {
    await checkout.change(
      'agent.proto',
      withRpc(
        GET_FOO,
        `message GetFooRequest { reserved 2, 4 to 6, 9 to max; reserved "old"; Kind kind = 1; }\n${RESPONSE}enum Kind { option allow_alias = true; A = 0; B = 0; }`,
      ),
    );
    const { 'get-foo.proto': text = '' } = await added();
    expect(text).toContain('reserved 2, 4 to 6, 9 to max;');
    expect(text).toContain('reserved "old";');
    expect(text).toContain('option allow_alias = true;');
  });

  test('pnpm kata endpoint add accepts well-known types as request and response', async () => {
    await checkout.change(
      'agent.proto',
      withRpc('rpc GetFoo(google.protobuf.Timestamp) returns (google.protobuf.Any);', '', [
        'google/protobuf/timestamp.proto',
        'google/protobuf/any.proto',
      ]),
    );
    const files = await added();
    expect(Object.keys(files)).toEqual(['agent.proto']);
    expect(files['agent.proto']).toContain(
      'import "google/protobuf/any.proto";\nimport "google/protobuf/empty.proto";\nimport "google/protobuf/timestamp.proto";',
    );
  });

  test('pnpm kata endpoint add writes messages of the same name in several packages to one file for each package', async () => {
    await checkout.change(
      'other/Foo_v1.proto',
      () =>
        'syntax = "proto3"; package kata.v1; import "types.proto"; message GetFooRequest { types.Route route = 1; message Part {} Part part = 2; }',
    );
    await checkout.change(
      'agent.proto',
      withRpc(
        GET_FOO,
        `message GetFooRequest { kata.v1.GetFooRequest inner = 1; kata.v1.GetFooRequest.Part part = 2; }\n${RESPONSE}`,
        ['other/Foo_v1.proto'],
      ),
    );
    const { files } = add();
    expect([...files.keys()].sort()).toEqual(['agent.proto', 'get-foo-foo-v1.proto', 'get-foo.proto']);
    expect(files.get('get-foo.proto')).toContain('import "get-foo-foo-v1.proto";');
    expect(files.get('get-foo-foo-v1.proto')).toContain('package kata.v1;');
    for (const [file, text] of files) await writeFile(join(ours, file), text);
    const [set, theirs] = [describeProtos(ours), describeProtos(checkout.directory)];
    expect(set.messages.get('kata.v1.GetFooRequest')).toEqual(theirs.messages.get('kata.v1.GetFooRequest'));
    expect(set.messages.get('grpc.GetFooRequest')).toEqual(theirs.messages.get('grpc.GetFooRequest'));
  });

  test.for([
    ['copies a message of a file without a package', 'Plain', undefined],
    // protobufjs looks up a relative name at the root first, so our fields of type Storage would resolve to the
    // checkout's new message.
    [
      'rejects a message without a package that has the name of one of ours',
      'Storage',
      /^the computed protos for grpc.AgentService\/GetFoo differ from the checkout's: grpc.CreateContainer/,
    ],
  ] as const)('pnpm kata endpoint add %s', async ([_title, name, message]) => {
    await checkout.change('plain.proto', () => `syntax = "proto3"; message ${name} { Part part = 1; message Part {} }`);
    const request = `message GetFooRequest { .${name} plain = 1; .${name}.Part part = 2; }\n${RESPONSE}`;
    await checkout.change('agent.proto', withRpc(GET_FOO, request, ['plain.proto']));
    if (message === undefined) {
      const files = await added();
      expect(files['get-foo-plain.proto']).toContain('syntax = "proto3";\n\nmessage Plain {\n');
    } else expect(rejection()).toMatch(message);
  });

  test('pnpm kata endpoint add does not overwrite a file of ours with the method’s name', async () => {
    const names = await readdir(ours);
    await checkout.change(
      'agent.proto',
      withRpc('rpc Types(TypesRequest) returns (google.protobuf.Empty);', 'message TypesRequest {}\n'),
    );
    const files = await added('Types');
    expect(Object.keys(files).filter((file) => !names.includes(file))).toEqual(['types-2.proto']);
  });

  test('pnpm kata endpoint add declares a missing service in a package of ours', async () => {
    await checkout.change(
      'policy.proto',
      () =>
        'syntax = "proto3"; package grpc; import "container.proto"; service Policy { rpc GetFoo(GetFooRequest) returns (OOMEvent); rpc Other(OOMEvent) returns (OOMEvent); } message GetFooRequest { bytes policy = 1; }',
    );
    const { files, method } = add('Policy/GetFoo');
    expect(method).toBe('grpc.Policy/GetFoo');
    expect(files.get('policy.proto')).toBe(
      '// For grpc.Policy/GetFoo.\nsyntax = "proto3";\n\npackage grpc;\n\nimport "container.proto";\nimport "get-foo.proto";\n\nservice Policy {\n  rpc GetFoo(GetFooRequest) returns (OOMEvent);\n}\n',
    );
  });

  test.for([
    ['GetFoo', 'get-foo'],
    ['GetIPTables', 'get-ip-tables'],
    ['AddARPNeighbors', 'add-arp-neighbors'],
    ['get_foo', 'get-foo'],
  ])('kebabCase converts the method name %s to the file name %s', ([name = '', file]) => {
    expect(kebabCase(name)).toBe(file);
  });
});

describe('pnpm kata endpoint add of a method with existing messages', () => {
  test('pnpm kata endpoint add adds missing fields to existing messages at any depth, and keeps the comments of our .proto files', async () => {
    await writeFile(
      join(ours, 'container.proto'),
      (await readFile(join(ours, 'container.proto'), 'utf8')).replace(
        '  string mount_point = 6;\n',
        '  // } where "it goes\n  string mount_point = 6; // last {\n',
      ),
    );
    await checkout.change(
      'agent.proto',
      withRpc(
        'rpc GetFoo(GetFooRequest) returns (GetFooResponse);',
        'message GetFooRequest { CreateContainerRequest create = 1; }\nmessage GetFooResponse { StartContainerRequest start = 1; }\n',
      ),
    );
    await checkout.change('container.proto', (text) =>
      text
        .replace(
          '  string mount_point = 6;\n',
          '  string mount_point = 6;\n  FSGroup fs_group = 7;\n  oneof way { string a = 8; bytes b = 9; }\n',
        )
        .replace(
          'message StartContainerRequest { string container_id = 1; }',
          'message StartContainerRequest { string container_id = 1; google.protobuf.Timestamp at = 2; }\nmessage FSGroup { uint32 id = 1; Policy policy = 2; enum Policy { P = 0; } }',
        )
        .replace('import "oci.proto";', 'import "oci.proto"; import "google/protobuf/timestamp.proto";'),
    );
    const files = await added();
    expect(Object.keys(files).sort()).toEqual(['agent.proto', 'container.proto', 'get-foo.proto']);
    expect(files['container.proto']).toContain(
      '  // } where "it goes\n  string mount_point = 6; // last {\n  FSGroup fs_group = 7;\n  oneof way {\n    string a = 8;\n    bytes b = 9;\n  }\n}\n',
    );
    expect(files['container.proto']).toContain(
      'message StartContainerRequest { string container_id = 1; google.protobuf.Timestamp at = 2; }',
    );
    expect(files['container.proto']).toContain('import "google/protobuf/timestamp.proto";\nimport "oci.proto";');
    expect(files['container.proto']).toMatch(
      /\nmessage FSGroup \{\n {2}enum Policy \{\n {4}P = 0;\n {2}\}\n {2}uint32 id = 1;\n {2}FSGroup.Policy policy = 2;\n\}\n$/,
    );
  });

  test('pnpm kata endpoint add adds missing oneof members, enum values and aliases, and nested messages', async () => {
    for (const directory of [ours, checkout.directory])
      await writeFile(
        join(directory, 'foo.proto'),
        'syntax = "proto3";\npackage grpc;\nmessage Foo {\n  oneof what {\n    string a = 1;\n  }\n}\nenum Kind { A = 0; }\nmessage Empty {}\n',
      );
    await checkout.change('agent.proto', withRpc('rpc GetFoo(Foo) returns (Empty);', '', ['foo.proto']));
    await checkout.change('foo.proto', (text) =>
      text
        .replace('string a = 1;', 'string a = 1; Part b = 2;')
        .replace(
          'message Foo {',
          'message Foo { message Part { message More { string x = 1; } More more = 1; Foo foo = 2; } Kind kind = 3; Part.More more = 4;',
        )
        .replace('A = 0;', 'option allow_alias = true; A = 0; ALSO_A = 0; B = 5;')
        .replace('message Empty {}', 'message Empty { string x = 1; }'),
    );
    const { 'foo.proto': text } = await added();
    expect(text).toContain('enum Kind { option allow_alias = true; A = 0; ALSO_A = 0; B = 5; }');
    expect(text).toContain('message Empty { string x = 1; }');
    expect(text).toContain('  oneof what {\n    string a = 1;\n    Foo.Part b = 2;\n  }\n');
  });

  test('pnpm kata endpoint add of an existing method adds missing fields of its messages, and reports them', async () => {
    await checkout.change('sandbox.proto', (text) =>
      text.replace('message CopyFileRequest {', '$& string checksum = 77;'),
    );
    const { added: additions, isNew, method } = add('CopyFile');
    expect({ additions, isNew, method }).toEqual({
      additions: [
        {
          in: 'grpc.CopyFileRequest',
          noun: 'message',
          kind: 'added',
          member: 'checksum',
          theirs: 'string checksum = 77',
          breaks: false,
        },
      ],
      isNew: false,
      method: 'grpc.AgentService/CopyFile',
    });
  });

  test.for([
    [
      'a field of another type',
      'string source = 3;',
      'bytes source = 3;',
      "field source: ours `string source = 3`, the checkout's `bytes source = 3`: changed",
    ],
    [
      'a field number reused by another field',
      'string source = 3;',
      'bytes data = 3;',
      "field source: ours `string source = 3`, the checkout's `bytes data = 3`: changed",
    ],
    [
      'a field with another number',
      'string source = 3;',
      'string source = 33;',
      "field source: ours `string source = 3`, the checkout's `string source = 33`: changed",
    ],
    [
      'a renamed field',
      'string source = 3;',
      'string origin = 3;',
      "field source: ours `string source = 3`, the checkout's `string origin = 3`: renamed",
    ],
    ['a missing field', 'string source = 3;', '', 'field source: ours `string source = 3`: missing in the checkout'],
    [
      'a field moved into a oneof',
      'string source = 3;',
      'oneof from { string source = 3; }',
      "field source: ours `string source = 3`, the checkout's `string source = 3 (oneof from)`: changed",
    ],
    [
      'a field that became optional',
      'string source = 3;',
      'optional string source = 3;',
      "field source: ours `string source = 3`, the checkout's `optional string source = 3`: changed",
    ],
    [
      'a field that became repeated',
      'string source = 3;',
      'repeated string source = 3;',
      "field source: ours `string source = 3`, the checkout's `repeated string source = 3`: changed",
    ],
    [
      'a field that became a map',
      'string source = 3;',
      'map<string, string> source = 3;',
      "field source: ours `string source = 3`, the checkout's `map<string, string> source = 3`: changed",
    ],
  ] as const)(
    'pnpm kata endpoint add rejects %s, and names message, field and both declarations',
    async ([_title, from, to, line]) => {
      await checkout.change(
        'agent.proto',
        withRpc(
          'rpc GetFoo(GetFooRequest) returns (Storage);',
          'message GetFooRequest { repeated CreateContainerRequest creates = 1; }\n',
        ),
      );
      await checkout.change('container.proto', (text) => text.replace(from, to));
      expect(rejection().split('\n')).toEqual([
        'the checkout and our protos contradict each other:',
        `  message grpc.Storage (container.proto), ${line}`,
        'If the checkout is right, change our files by hand, run pnpm kata protos generate, then this command again.',
        'If our protos are right, fix the branch; if it only lacks something that ours have, rebase it.',
        'Nothing was written.',
      ]);
    },
  );

  test('pnpm kata endpoint add rejects a map with other values, an enum value with another number, and a message turned enum', async () => {
    for (const directory of [ours, checkout.directory])
      await writeFile(
        join(directory, 'foo.proto'),
        'syntax = "proto3"; package grpc; message Foo { map<string, bytes> m = 1; Kind k = 2; Part p = 3; } enum Kind { A = 0; B = 1; } message Part {}',
      );
    await checkout.change('agent.proto', withRpc('rpc GetFoo(Foo) returns (Foo);', '', ['foo.proto']));
    await checkout.change('foo.proto', (text) =>
      text.replace('bytes>', 'string>').replace('B = 1', 'B = 2').replace('message Part {}', 'enum Part { P = 0; }'),
    );
    expect(rejection()).toContain(`
  message grpc.Foo (foo.proto), field m: ours \`map<string, bytes> m = 1\`, the checkout's \`map<string, string> m = 1\`: changed
  enum grpc.Kind (foo.proto), value B: ours \`B = 1\`, the checkout's \`B = 2\`: changed
  message grpc.Part (foo.proto): the checkout has another kind of declaration with that name
`);
  });
});

describe('rejections by endpoint add', () => {
  test.for([
    [
      'rpc GetFoo(stream OOMEvent) returns (OOMEvent);',
      'grpc.AgentService/GetFoo is a streaming method: rpc GetFoo(stream grpc.OOMEvent) returns (grpc.OOMEvent); our ttrpc client supports unary methods only',
    ],
    [
      'rpc GetFoo(OOMEvent) returns (stream OOMEvent);',
      'grpc.AgentService/GetFoo is a streaming method: rpc GetFoo(grpc.OOMEvent) returns (stream grpc.OOMEvent); our ttrpc client supports unary methods only',
    ],
    [
      'rpc GetFoo(stream OOMEvent) returns (stream OOMEvent);',
      'grpc.AgentService/GetFoo is a streaming method: rpc GetFoo(stream grpc.OOMEvent) returns (stream grpc.OOMEvent); our ttrpc client supports unary methods only',
    ],
    [
      'rpc GetFoo(google.protobuf.FileDescriptorSet) returns (OOMEvent);',
      'grpc.AgentService/GetFoo takes or returns google.protobuf.FileDescriptorSet, which is not one of the well-known types in protobufjs (Any, Duration, Empty, FieldMask, Struct, Timestamp, wrappers)',
    ],
  ] as const)('pnpm kata endpoint add rejects %s with a one-line error', async ([rpc, line]) => {
    await checkout.change('agent.proto', withRpc(rpc, '', ['google/protobuf/descriptor.proto']));
    expect(rejection()).toBe(line);
  });

  test.for([
    [
      'proto2',
      'syntax = "proto2"; package grpc; message Old { required string a = 1; optional group G = 2 { optional string b = 3; } }',
      '  grpc.Old: old.proto uses proto2; only proto3 is supported',
    ],
    [
      'an edition',
      'edition = "2023"; package grpc; message Old { string a = 1; }',
      '  grpc.Old: old.proto uses edition 2023; only proto3 is supported',
    ],
    [
      'a message of descriptor.proto',
      'syntax = "proto3"; package grpc; import "google/protobuf/descriptor.proto"; message Old { google.protobuf.FieldOptions options = 1; }',
      '  grpc.Old: field options is a google.protobuf.FieldOptions, which is not one of the well-known types in protobufjs (Any, Duration, Empty, FieldMask, Struct, Timestamp, wrappers)',
    ],
  ] as const)('pnpm kata endpoint add rejects a method that needs a message of %s', async ([_title, text, line]) => {
    await checkout.change('old.proto', () => text);
    await checkout.change('agent.proto', withRpc('rpc GetFoo(Old) returns (OOMEvent);', '', ['old.proto']));
    expect(rejection().split('\n')).toContain(line);
  });

  test.for([
    [
      'CopyFile',
      'our protos have grpc.AgentService/CopyFile already, with the same messages; write a spec that calls it',
    ],
    ['GetFooo', 'the checkout declares no method GetFooo; did you mean grpc.AgentService/GetFoo?'],
    ['Nonesuch', 'the checkout declares no method Nonesuch; pnpm kata protos diff lists the methods it adds'],
    ['getfoo', 'the checkout declares no method getfoo; did you mean grpc.AgentService/GetFoo?'],
    ['get-foo', 'the checkout declares no method get-foo; did you mean grpc.AgentService/GetFoo?'],
    ['grpc.Image/GetFoo', 'the checkout declares no method grpc.Image/GetFoo; did you mean grpc.AgentService/GetFoo?'],
    ['Twice', 'several services have a method Twice; name one of grpc.AgentService/Twice, grpc.Second/Twice'],
    ['NodeGet', 'csi.v1.Node/NodeGet is not a method of the agent: package csi.v1 is not one of grpc, types'],
  ] as const)('pnpm kata endpoint add rejects the method %s with a one-line error: %s', async ([name, line]) => {
    await checkout.change(
      'agent.proto',
      withRpc(
        'rpc GetFoo(OOMEvent) returns (OOMEvent); rpc Twice(OOMEvent) returns (OOMEvent);',
        'service Second { rpc Twice(OOMEvent) returns (OOMEvent); }',
      ),
    );
    await checkout.change(
      'csi.proto',
      () => 'syntax = "proto3"; package csi.v1; message Foo {} service Node { rpc NodeGet(Foo) returns (Foo); }',
    );
    expect(rejection(name)).toBe(line);
  });

  test('pnpm kata endpoint add rejects a method that only another set of our protos has, and names that set', () => {
    const own = new Map([['main', describeProtos(ownProtos('main'))]]);
    const theirs = describeProtos(checkout.directory);
    expect(() => addEndpoint(ours, theirs, 'GetVolumeStats', own)).toThrow(
      /^the checkout declares no method GetVolumeStats; protos\/main has it already, so write a spec that calls it$/,
    );
  });

  test('pnpm kata endpoint add rejects a method of a service whose package the checkout renamed', async () => {
    await checkout.change('image.proto', (text) =>
      text.replace('package grpc;', 'package kata.image;').replace('PullImage(', 'PullAll('),
    );
    expect(rejection('PullAll')).toMatch(
      /^the checkout has kata.image.Image\/PullAll, our protos have the service as grpc.Image: its package was renamed/,
    );
  });

  test('pnpm kata endpoint add rejects a method that has another request in the checkout', async () => {
    await checkout.change('agent.proto', (text) =>
      text.replace('CopyFile(CopyFileRequest)', 'CopyFile(AddSwapRequest)'),
    );
    expect(rejection('CopyFile')).toMatch(
      /^our protos have grpc.AgentService\/CopyFile already as `rpc CopyFile\(grpc.CopyFileRequest\)/,
    );
  });

  test.for([
    [
      'agent.proto',
      'import "types.proto"',
      'import "nosuch.proto"',
      /agent\.proto imports "nosuch\.proto", which is not in /,
    ],
    [
      'image.proto',
      'string image = 1;',
      'string image = 1; string other = 1;',
      /^cannot parse .*image\.proto: duplicate id 1 in Type PullImageRequest$/,
    ],
    [
      'image.proto',
      'string image = 1;',
      'Nothing image = 1;',
      /^cannot load the protos in .*: no such Type or Enum 'Nothing' in Type .grpc.PullImageRequest$/,
    ],
    [
      'image.proto',
      'string image',
      'string %image',
      /^cannot parse .*image\.proto: illegal name '%image' \(.*image\.proto, line 11\)$/,
    ],
  ] as const)(
    'pnpm kata endpoint add rejects a checkout with an invalid %s: %s replaced by %s',
    async ([file, from, to, line]) => {
      await checkout.change(file, (text) => text.replace(from, to));
      expect(() => add('CopyFile')).toThrow(line);
    },
  );
});
