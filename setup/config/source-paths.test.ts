import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Part } from '../../helpers/git/part.ts';
import { resolveRevision } from '../../helpers/git/snapshot.ts';
import { run } from '../../helpers/process/exec.ts';
import { gitDirectory } from './git-store.ts';
import { AGENT_CTL_PART, AGENT_PART, KERNEL_PART, QEMU_PART, RUNTIME_PART, sourceDigest } from './source-paths.ts';

const PARTS: Readonly<Record<string, Part>> = {
  agent: AGENT_PART,
  ctl: AGENT_CTL_PART,
  kernel: KERNEL_PART,
  qemu: QEMU_PART,
  runtime: RUNTIME_PART,
};

let directory: string;
let repository: string;
const git = (...args: string[]): Promise<unknown> =>
  run(['git', '-C', repository, '-c', 'user.name=Test', '-c', 'user.email=test@kata.example', ...args]);
const commit = async (...files: string[]): Promise<void> => {
  for (const file of files) {
    await mkdir(dirname(join(repository, file)), { recursive: true });
    await writeFile(join(repository, file), `${Math.random()}`);
  }
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'change');
};
const digests = async (): Promise<Record<string, string>> => {
  const cacheDir = join(directory, 'cache');
  const snapshot = await resolveRevision({ kind: 'local', path: repository }, 'main', {
    directory: gitDirectory({ cacheDir }),
    env: {},
  });
  const digest = (part: Part): Promise<string> => sourceDigest(part, { snapshot }, { cacheDir });
  const each = Object.entries(PARTS).map(async ([name, part]) => [name, await digest(part)] as const);
  return Object.fromEntries(await Promise.all(each));
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-parts-'));
  repository = join(directory, 'kata');
  await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
  await commit('VERSION', 'README.md', 'src/agent/src/main.rs', 'src/runtime/go.mod', 'src/libs/oci/a', 'tools/ctl/b');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

test.for<[file: string, rebuilt: readonly string[]]>([
  ['src/agent/src/main.rs', ['agent', 'ctl']],
  ['src/libs/oci/a', ['agent', 'ctl']],
  ['src/runtime/go.mod', ['runtime']],
  ['tools/agent-ctl/b', ['ctl']],
  ['tools/packaging/kernel/configs/a', ['kernel']],
  ['tools/packaging/scripts/lib.sh', ['kernel', 'qemu']],
  ['VERSION', ['agent', 'ctl', 'kernel', 'qemu', 'runtime']],
  ['something/new', ['agent', 'ctl', 'runtime']],
  ['docs/design.md', []],
])('a Kata commit that changes %s rebuilds the artefacts %o', async ([file, rebuilt]) => {
  const before = await digests();
  await commit(file);
  const after = await digests();
  expect(Object.keys(PARTS).filter((name) => before[name] !== after[name])).toEqual(rebuilt);
});

test('sourceDigest of a commit that was never fetched is a text, not a digest', async () => {
  const repository = { kind: 'remote', url: 'file:///no/where' } as const;
  const snapshot = { repository, revision: 'main', id: 'f'.repeat(40), uncommitted: 0 };
  const cacheDir = join(directory, 'cache');
  expect(await sourceDigest(AGENT_PART, { snapshot }, { cacheDir })).toBe('not fetched yet');
});
