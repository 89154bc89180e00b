import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { resolveRevision, type Snapshot } from '../../../helpers/git/snapshot.ts';
import { repository, scratch, writeTree } from '../../steps/source/upstream-builds.example.ts';
import { changedFiles, checkoutOf, sourceDirectories } from './checkout.ts';

const OF_A_CHECKOUT = { agent: 'auto', kataBranch: 'worktree', kataRepo: '/kata', target: 'vm' } as const;

test('checkoutOf returns the path of the checkout that the settings name', () => {
  expect(checkoutOf(OF_A_CHECKOUT)).toBe('/kata');
  expect(checkoutOf({ ...OF_A_CHECKOUT, agent: 'source', target: 'local' })).toBe('/kata');
});

test.for([
  ['another revision', { kataBranch: 'main' }, 'katacontainers_branch=main: '],
  [
    'a repository elsewhere',
    { kataRepo: 'https://kata.example/kata' },
    'katacontainers_repo=https://kata.example/kata: ',
  ],
  ['an agent that is not built', { agent: '/usr/bin/kata-agent' }, 'KATA_AGENT=/usr/bin/kata-agent: '],
  ['target kata', { target: 'kata' }, 'KATA_TARGET=kata: '],
] as const)('checkoutOf rejects %s, and names the setting', ([_, change, prefix]) => {
  expect(() => checkoutOf({ ...OF_A_CHECKOUT, ...change })).toThrow(prefix);
});

test('the directories of the agent’s source are those with files that its build reads, without ignored ones', async () => {
  const checkout = await repository(await scratch(), '1.0.0', {
    'Cargo.toml': '',
    '.gitignore': 'target\n',
    'src/agent/src/storage/mod.rs': '',
    'src/libs/oci/src/lib.rs': '',
    'src/runtime/go.mod': '',
    'docs/a.md': '',
    'tests/a.sh': '',
  });
  await writeTree(checkout, { 'src/agent/target/debug/x': '', 'src/agent/new/y.rs': '' });
  const found = (await sourceDirectories(checkout)).map((path) => relative(checkout, path)).sort();
  expect(found).toEqual([
    ...['', 'src', 'src/agent', 'src/agent/new', 'src/agent/src', 'src/agent/src/storage'],
    ...['src/libs', 'src/libs/oci', 'src/libs/oci/src'],
  ]);
});

test('a checkout that is gone, or no checkout, is rejected with one line that names the setting', async () => {
  await expect(sourceDirectories('/no/such/kata')).rejects.toThrow(
    /^katacontainers_repo=\/no\/such\/kata: no such directory$/,
  );
  const empty = await scratch();
  await expect(sourceDirectories(empty)).rejects.toThrow(
    new RegExp(`^katacontainers_repo=${empty}: ${empty} is not a git repository$`),
  );
});

test('changedFiles returns the changed files of the agent’s source with their lines, before and after', async () => {
  const checkout = await repository(await scratch(), '1.0.0', {
    'src/agent/src/rpc.rs': 'one\ntwo\nthree\n',
    'src/agent/src/gone.rs': 'gone\n',
    'src/agent/Cargo.toml': 'a\n',
    'src/runtime/go.mod': 'a\n',
  });
  const store = await scratch();
  const now = (): Promise<Snapshot> =>
    resolveRevision({ kind: 'local', path: checkout }, 'worktree', { directory: store, env: {} });
  const before = await now();
  await writeTree(checkout, {
    'src/agent/src/rpc.rs': 'one\nTWO\nthree\nfour\n',
    'src/agent/Cargo.toml': 'b\n',
    'src/runtime/go.mod': 'b\n',
  });
  await mkdir(join(checkout, 'src/agent/new'));
  await writeFile(join(checkout, 'src/agent/new/é.rs'), 'new\n');
  await rm(join(checkout, 'src/agent/src/gone.rs'));
  const { signal } = new AbortController();
  const changed = await changedFiles(before, await now(), { checkout, store, signal });
  const sorted = [...changed].sort((a, b) => a.path.localeCompare(b.path));
  expect(sorted).toEqual([
    { path: expect.stringContaining('src/agent/new/'), sides: [] },
    { path: 'src/agent/Cargo.toml', sides: [] },
    { path: 'src/agent/src/gone.rs', sides: [{ text: 'gone\n', lines: [1] }] },
    {
      path: 'src/agent/src/rpc.rs',
      sides: [
        { text: 'one\ntwo\nthree\n', lines: [2] },
        { text: 'one\nTWO\nthree\nfour\n', lines: [2, 4] },
      ],
    },
  ]);
});
