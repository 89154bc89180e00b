import { readFileSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addEndpoint, kebabCase } from './add-endpoint.ts';
import { describeProtos, type ProtoSet } from './describe.ts';
import { diffProtos, renderDiff } from './diff.ts';
import { endpointSpec } from './endpoint-spec.ts';

const OURS = fileURLToPath(new URL('./skopeo', import.meta.url));

/** As a branch of the agent might declare it. */
const BRANCH = `
enum FooKind { FOO_PLAIN = 0; FOO_FANCY = 1; }
message FooPart { enum Side { LEFT = 0; RIGHT = 1; } Side side = 4; string name = 1; types.Interface nic = 2; map<string, uint32> weights = 3; }
message GetFooRequest { string container_id = 1; uint64 depth = 2; FooKind kind = 3; repeated FooPart parts = 4; }
message GetFooResponse { oneof result { string text = 1; FooPart part = 2; } optional uint32 count = 3; }
`;
const RPC =
  'rpc GetFoo(GetFooRequest) returns (GetFooResponse);\n  rpc Watch(GetFooRequest) returns (stream GetFooResponse);';

let directory: string;
let ours: ProtoSet;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-endpoint-'));
  ours = describeProtos(OURS);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** A checkout's protos: ours, with agent.proto changed. */
async function branch(change: (agent: string) => string): Promise<ProtoSet> {
  const checkout = join(directory, 'checkout');
  await cp(OURS, checkout, { recursive: true });
  const agent = join(checkout, 'agent.proto');
  await writeFile(agent, change(await readFile(agent, 'utf8')));
  return describeProtos(checkout);
}

const withFoo = (agent: string): string => agent.replace('  // processes\n', `  ${RPC}\n`) + BRANCH;
const read = (file: string): string => readFileSync(join(OURS, file), 'utf8');

describe('a difference on the wire', () => {
  test('is none between a set and itself', () => {
    expect(diffProtos(ours, ours)).toEqual([]);
    expect(renderDiff([])).toBe('no difference on the wire');
  });

  test('is what was added, removed or changed, and whether it breaks peers', async () => {
    const theirs = await branch((agent) =>
      withFoo(agent)
        .replace(/ {2}rpc AddSwap.*\n/, '')
        .replace('rpc CopyFile(CopyFileRequest)', 'rpc CopyFile(AddSwapRequest)'),
    );
    expect(renderDiff(diffProtos(ours, theirs)).split('\n')).toEqual(
      expect.arrayContaining([
        'grpc.AgentService',
        '  + GetFoo(grpc.GetFooRequest) returns (grpc.GetFooResponse)',
        '  - AddSwap(grpc.AddSwapRequest) returns (google.protobuf.Empty)   breaks peers of the other side',
        expect.stringMatching(/^ {2}~ CopyFile\(grpc.AddSwapRequest\).*, was\(grpc.CopyFileRequest\).* breaks peers/),
        '  + parts: repeated grpc.FooPart = 4',
        '  + FOO_FANCY = 1',
      ]),
    );
  });

  test('is a field with another number or type, which breaks peers', async () => {
    const theirs = await branch((agent) => agent);
    const changed = new Map(theirs.messages);
    changed.set(
      'grpc.PullImageRequest',
      new Map([['image', { id: 9, type: 'bytes', label: 'one', oneof: undefined }]]),
    );
    expect(diffProtos(ours, { ...theirs, messages: changed })).toContainEqual({
      in: 'grpc.PullImageRequest',
      kind: 'changed',
      what: 'image: bytes = 9, was string = 1',
      breaks: true,
    });
  });
});

describe('an endpoint that is added', () => {
  test('brings the rpc and all it needs; nothing of it differs from the branch afterwards', async () => {
    const theirs = await branch(withFoo);
    const addition = addEndpoint(ours, theirs, 'GetFoo', read);
    expect(addition.brought).toEqual(['grpc.GetFooRequest', 'grpc.FooKind', 'grpc.FooPart', 'grpc.GetFooResponse']);
    const copy = join(directory, 'ours');
    await cp(OURS, copy, { recursive: true });
    for (const [file, text] of addition.files) await writeFile(join(copy, file), text);
    expect(await readFile(join(copy, 'agent.proto'), 'utf8')).toMatch(/^\/\/ .*: 32 methods\.\n/);
    const left = diffProtos(describeProtos(copy), theirs);
    expect(left.map(({ what }) => what)).toEqual([
      'Watch(grpc.GetFooRequest) returns (grpc.GetFooResponse), streaming',
    ]);
  });

  test('gets a spec that calls it with a request of the right shape', async () => {
    const addition = addEndpoint(ours, await branch(withFoo), 'grpc.AgentService/GetFoo', read);
    expect(endpointSpec(addition, 'skopeo')).toContain("guest.agent.getFoo({ containerId: '', depth: 0 })");
    expect(endpointSpec(addition, 'main')).toContain(
      "guest.agent.call('grpc.AgentService/GetFoo', { containerId: '', depth: 0 })",
    );
  });

  test.for([
    ['GetBar', /^the checkout declares no method GetBar; it has grpc.AgentService\/CreateContainer/],
    ['CopyFile', /^grpc.AgentService\/CopyFile is there already; write a spec for it$/],
    ['Watch', /^grpc.AgentService\/Watch streams; the agent's ttrpc client knows unary methods only$/],
  ] as const)('%s is refused in one line: %s', async ([name, line]) => {
    const theirs = await branch(withFoo);
    expect(() => addEndpoint(ours, theirs, name, read)).toThrow(line);
  });

  test.for([
    ['GetFoo', 'get-foo'],
    ['GetIPTables', 'get-ip-tables'],
    ['AddARPNeighbors', 'add-arp-neighbors'],
  ])('%s is named %s', ([name = '', file]) => {
    expect(kebabCase(name)).toBe(file);
  });
});
