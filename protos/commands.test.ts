import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ExampleCheckout, exampleCheckout, withRpc } from './endpoint/example-checkout.ts';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const LEFT_OUT = new Set(['.git', 'node_modules', 'out', 'history']);
const TIMEOUT_MS = 180_000;

/** A copy of the project, which the tested commands change; its path has a blank. */
let project: string;
let checkouts: Record<'skopeo' | 'main', ExampleCheckout>;
beforeAll(async () => {
  project = join(await mkdtemp(join(tmpdir(), 'kata-cc-project-')), 'my clone');
  await cp(PROJECT, project, { recursive: true, filter: (path) => !LEFT_OUT.has(basename(path)) });
  await symlink(join(PROJECT, 'node_modules'), join(project, 'node_modules'));
  checkouts = { skopeo: await exampleCheckout('skopeo'), main: await exampleCheckout('main') };
  const timestamp = ['google/protobuf/timestamp.proto'];
  const declarations = `
    message GetEventsRequest { string container_id = 1; google.protobuf.Timestamp since = 2; repeated Storage storages = 3; }
    message GetEventsResponse { repeated Event events = 1; }
    message Event { enum Kind { option allow_alias = true; NONE = 0; NOTHING = 0; } Kind kind = 1; map<string, string> labels = 2; }
    message Long { int64 value = 1; }`;
  const rpcs = 'rpc GetEvents(GetEventsRequest) returns (GetEventsResponse); rpc GetLong(Long) returns (Long);';
  for (const checkout of Object.values(checkouts)) {
    await checkout.change('agent.proto', withRpc(rpcs, declarations, timestamp));
    await checkout.change('container.proto', (text) =>
      text.replace('string mount_point = 6;', '$& bytes integrity = 99;'),
    );
  }
});
afterAll(async () => {
  await rm(dirname(project), { recursive: true, force: true });
  for (const checkout of Object.values(checkouts)) await checkout[Symbol.asyncDispose]();
});

interface Outcome {
  readonly code: number;
  readonly output: string;
}

/** Runs a program in the copy of the project. */
async function tool(command: string, ...args: readonly string[]): Promise<Outcome> {
  const path = join(project, 'node_modules/.bin', command);
  return promisify(execFile)(path, args, { cwd: project, maxBuffer: 1e8 }).then(
    ({ stderr, stdout }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stderr, stdout }) => ({ code, output: stdout + stderr }),
  );
}

const command = (...args: readonly string[]): Promise<Outcome> => tool('node', 'setup/commands/kata.ts', ...args);

/** All files of the project that `pnpm kata endpoint add` might write, with their texts. */
async function written(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const directory of ['protos', 'suites']) {
    for (const entry of await readdir(join(project, directory), { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile()) files.set(path.slice(project.length + 1), await readFile(path, 'utf8'));
    }
  }
  return files;
}

describe('pnpm kata endpoint add', () => {
  test.for([
    [
      'a message whose generated types do not compile',
      ['GetLong'],
      /^the types generated for grpc.AgentService\/GetLong do not compile: tsc exited with 1: .*TS2440/,
    ],
    [
      'a misspelt method',
      ['GetEvent'],
      /^the checkout declares no method GetEvent; did you mean grpc.AgentService\/GetEvents\?\n$/,
    ],
    ['two methods', ['GetEvents', 'GetLong'], /^error: too many arguments for 'add'. Expected 1 argument but got 2/],
    [
      'a spec that exists',
      ['GetEvents', '--spec', 'suites/agent/agent.spec.ts'],
      /^suites\/agent\/agent.spec.ts exists; name another file: /,
    ],
    [
      'a spec outside suites/',
      ['GetEvents', '--spec', '../x.spec.ts'],
      /^--spec ..\/x.spec.ts: expected suites\/DIRECTORY\/NAME.spec.ts\n$/,
    ],
    ['an unknown set', ['GetEvents', '--set', 'shim'], /'shim' is invalid. Allowed choices are skopeo, main.\n/],
  ] as const)('pnpm kata endpoint add rejects %s and writes nothing', async ([_title, args, message]) => {
    const before = await written();
    const { code, output } = await command('endpoint', 'add', ...args, '--from', checkouts.skopeo.directory);
    expect(output).toMatch(message);
    expect(code).toBe(1);
    expect(await written()).toEqual(before);
    expect((await readdir(join(project, 'node_modules'))).filter((name) => name.startsWith('.endpoint-'))).toEqual([]);
  });

  test('pnpm kata endpoint add writes protos, types and specs for both generations that pass tsc, lint, knip and tests', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const first = await command('endpoint', 'add', 'GetEvents', '--from', checkouts.skopeo.directory);
    expect(first.output).toBe(`wrote protos/skopeo/get-events.proto
wrote protos/skopeo/container.proto
wrote protos/skopeo/agent.proto
wrote suites/agent/get-events.spec.ts
wrote protos/generated/skopeo
added to messages and enums of protos/skopeo:
grpc.Storage
  + bytes integrity = 99
next: pnpm test suites/agent/get-events.spec.ts   (fails until you write what grpc.AgentService/GetEvents returns)
`);
    const spec = 'suites/agent/main-get-events.spec.ts';
    const second = await command('endpoint', 'add', 'GetEvents', '--spec', spec, '--from', checkouts.main.directory);
    expect(second.output).toContain(`wrote ${spec}\nwrote protos/generated/main\n`);
    for (const [name, ...args] of [
      ['tsc', '--noEmit'],
      ['biome', 'check', '--error-on-warnings', '.'],
      ['knip'],
      ['node', 'setup/commands/kata.ts', 'protos', 'generate', '--check'],
      ['vitest', 'run', '--project', 'harness', 'fixtures/extend/specs.test.ts', 'setup/steps/agent/agent.test.ts'],
    ] as const) {
      const { code, output } = await tool(name, ...args);
      expect(code, `${name}: ${output}`).toBe(0);
    }
    const { output } = await command('protos', 'diff', '--from', checkouts.skopeo.directory);
    expect(output).toContain('  + rpc GetLong(grpc.Long) returns (grpc.Long)');
    expect(output).not.toMatch(/GetEvents|Storage/);
  });
});

/**
 * Wrong values of the option `--from`. They are functions, since the copy of the project does not exist before the
 * tests begin.
 */
const MISTAKES: readonly (readonly [string, () => string, RegExp])[] = [
  ['a missing directory', (): string => '/nosuch', /^--from \/nosuch: no such directory\n$/],
  ['the root directory', (): string => '/', /^--from \/: too large to be searched for protos; name a Kata checkout\n$/],
  ['a file', () => join(PROJECT, 'package.json'), /^--from .*package.json: it is not a directory\n$/],
  [
    'a URL',
    () => 'https://github.com/kata-containers/kata-containers',
    /: not a readable directory; clone the repository and name the directory of the clone\n$/,
  ],
  [
    'a directory without protos',
    () => join(PROJECT, 'helpers'),
    /: no directory in it has agent.proto and health.proto; name a Kata checkout\n$/,
  ],
  ['an empty string', (): string => '', /^error: option '--from <checkout>' is empty: ''\n/],
  [
    'a directory with two sets of protos',
    (): string => join(project, 'protos'),
    /: several directories have an agent.proto; name one of /,
  ],
];

describe('pnpm kata protos diff', () => {
  test.for(MISTAKES)('pnpm kata protos diff rejects %s as --from', async ([_title, from, message]) => {
    const { code, output } = await command('protos', 'diff', '--from', from());
    expect(output).toMatch(message);
    expect(code).toBe(1);
  });

  test('pnpm kata protos diff rejects a bare repository as --from and names the command that checks out a revision', async () => {
    const repository = await mkdtemp(join(tmpdir(), 'kata-cc-bare-'));
    await promisify(execFile)('git', ['init', '--quiet', '--bare', repository]);
    const { output } = await command('protos', 'diff', '--from', repository);
    await rm(repository, { recursive: true });
    expect(output).toMatch(/: a bare repository; check out a revision \(git worktree add DIRECTORY REVISION\)/);
  });

  test('pnpm kata protos diff reports a checkout of another generation than --set in the first line', async () => {
    const { output } = await command('protos', 'diff', '--set', 'skopeo', '--from', checkouts.main.directory);
    expect(output).toMatch(/^compared with protos\/skopeo \(the checkout's generation is that of protos\/main\):\n/);
  });
});
