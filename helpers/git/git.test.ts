import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../process/exec.ts';
import { exportSnapshot, updateExport } from './export.ts';
import { listSnapshot, rememberedListing } from './listing.ts';
import { displayRepository, endpointOf, parseRepository, whyUnreachable } from './repository.ts';
import { resolveRevision, WORKTREE } from './snapshot.ts';
import type { GitStore } from './store.ts';

describe('parseRepository', () => {
  test.for([
    [
      'github.com/kata-containers/kata-containers',
      { kind: 'remote', url: 'https://github.com/kata-containers/kata-containers' },
    ],
    ['https://user:token@git.example/kata.git', { kind: 'remote', url: 'https://user:token@git.example/kata.git' }],
    ['git@github.com:me/kata.git', { kind: 'remote', url: 'git@github.com:me/kata.git' }],
    ['/src/kata', { kind: 'local', path: '/src/kata' }],
    ['file:///src/kata', { kind: 'local', path: '/src/kata' }],
    ['file:///my%20src/k%C3%B6ln', { kind: 'local', path: '/my src/köln' }],
    ['file:///my src/100%', { kind: 'local', path: '/my src/100%' }],
  ] as const)('parseRepository accepts %s', ([text, repository]) => {
    expect(parseRepository(text)).toEqual(repository);
  });

  test('parseRepository rejects any other text and names the accepted forms', () => {
    expect(() => parseRepository('kata')).toThrow('expected github.com/owner/name, a git URL, or a path');
  });

  test('displayRepository leaves out the credentials of a URL', () => {
    expect(displayRepository(parseRepository('https://user:token@git.example/kata.git'))).toBe(
      'https://git.example/kata.git',
    );
  });

  test.for([
    ['https://github.com/a/b', 'github.com', 443],
    ['http://user:pw@git.example:3000/a', 'git.example', 3000],
    ['git@github.com:me/kata.git', 'github.com', 22],
    ['ssh://git@git.example:2222/kata', 'git.example', 2222],
  ] as const)('endpointOf reads from the git URL %s the endpoint %s:%i', ([url, host, port]) => {
    expect(endpointOf(url)).toMatchObject({ host, port });
  });
});

describe('git snapshots', () => {
  let directory: string;
  let origin: string;
  const inOrigin = async (...args: string[]): Promise<string> => {
    const name = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
    const env = { GIT_COMMITTER_DATE: '2021-11-22T00:00:00Z' };
    return (await run(['git', '-C', origin, ...name, ...args], { env })).stdout.trim();
  };
  const commit = async (file: string, text: string): Promise<string> => {
    await mkdir(join(origin, 'src'), { recursive: true });
    await writeFile(join(origin, file), text);
    await inOrigin('add', '.');
    await inOrigin('commit', '--quiet', '-m', text);
    return inOrigin('rev-parse', 'HEAD');
  };
  const fresh = (): Promise<string> => mkdtemp(join(directory, 'x-'));
  const freshStore = async (): Promise<GitStore> => ({ directory: await fresh(), env: {} });
  const local = (): { kind: 'local'; path: string } => ({ kind: 'local', path: origin });
  /** A remote repository with a file:// URL: git fetches it with the protocol of a remote server. */
  const remote = (): { kind: 'remote'; url: string } => ({ kind: 'remote', url: `file://${origin}` });
  let first: string;
  let second: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'kata-cc-git-'));
    origin = join(directory, 'origin');
    await run(['git', 'init', '--quiet', '--initial-branch=main', origin]);
    first = await commit('src/a', 'one');
    await inOrigin('tag', '-m', 'the first', 'v1');
    second = await commit('src/b', 'two');
    await inOrigin('update-ref', 'refs/pull/7/head', first);
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  test.for(['main', 'v1', 'refs/pull/7/head'])(
    'resolveRevision resolves %s to the same commit in a local and a remote repository',
    async (revision) => {
      const wanted = revision === 'main' ? second : first;
      const store = await freshStore();
      expect((await resolveRevision(local(), revision, store)).id).toBe(wanted);
      expect((await resolveRevision(remote(), revision, store)).id).toBe(wanted);
    },
  );

  test.for(['local', 'remote'])('exportSnapshot writes a tag of a %s repository, without its history', async (kind) => {
    const store = await freshStore();
    const snapshot = await resolveRevision(kind === 'local' ? local() : remote(), 'v1', store);
    const tree = await fresh();
    expect(await exportSnapshot(snapshot, store, tree)).toEqual({ leftOut: [] });
    expect(await readdir(tree)).toEqual(['.git', 'src']);
    expect((await run(['git', '-C', tree, 'rev-parse', 'HEAD'])).stdout.trim()).toBe(first);
    expect(await readdir(join(tree, 'src'))).toEqual(['a']);
    expect(Date.now() - (await stat(join(tree, 'src/a'))).mtimeMs).toBeLessThan(60_000);
  });

  test('exportSnapshot does not fetch a commit again that it fetched before', async () => {
    const store = await freshStore();
    const snapshot = await resolveRevision(remote(), 'main', store);
    await exportSnapshot(snapshot, store, await fresh());
    const gone = { ...snapshot, repository: { kind: 'remote', url: 'file:///nonexistent' } } as const;
    await exportSnapshot(gone, store, await fresh());
  });

  test('exportSnapshot of a partial clone leaves out the files that the clone lacks, and lists them', async () => {
    const partial = join(await fresh(), 'partial');
    await inOrigin('config', 'uploadpack.allowFilter', 'true');
    await run(['git', 'clone', '--quiet', '--bare', '--filter=blob:none', `file://${origin}`, partial]);
    await run(['git', '-C', partial, 'remote', 'remove', 'origin']);
    const store = await freshStore();
    const snapshot = await resolveRevision({ kind: 'local', path: partial }, 'main', store);
    const tree = await fresh();
    expect(await exportSnapshot(snapshot, store, tree)).toEqual({ leftOut: ['src/a', 'src/b'] });
  });

  test('updateExport writes the files that differ alone, removes those that are gone, and leaves outputs of builds', async () => {
    const store = await freshStore();
    const kept = await fresh();
    const place = { directory: join(kept, 'tree'), index: join(kept, 'index') };
    const at = (path: string): string => join(place.directory, path);
    const update = async (revision: string): Promise<void> => {
      await updateExport(await resolveRevision(local(), revision, store), store, place);
    };
    await mkdir(place.directory);
    await update('main');
    await utimes(at('src/a'), 1, 1);
    await utimes(at('src/b'), 1, 1);
    await writeFile(at('src/output'), 'of a build');
    await writeFile(at('src/b'), 'changed by a build');
    await update('main');
    expect((await stat(at('src/a'))).mtimeMs).toBe(1000);
    expect(await readFile(at('src/b'), 'utf8')).toBe('two');
    await update('v1');
    expect((await readdir(at('src'))).sort()).toEqual(['a', 'output']);
    expect((await stat(at('src/a'))).mtimeMs).toBe(1000);
    expect((await run(['git', '-C', place.directory, 'rev-parse', 'HEAD'])).stdout.trim()).toBe(first);
  });

  test('updateExport writes and removes nothing through links that a build has left', async () => {
    const store = await freshStore();
    const kept = await fresh();
    const place = { directory: join(kept, 'tree'), index: join(kept, 'index') };
    const elsewhere = await fresh();
    await writeFile(join(elsewhere, 'b'), 'of another program');
    await mkdir(place.directory);
    await updateExport(await resolveRevision(local(), 'main', store), store, place);
    for (const name of ['src', '.git']) {
      await rm(join(place.directory, name), { recursive: true });
      await symlink(elsewhere, join(place.directory, name));
    }
    await updateExport(await resolveRevision(local(), 'v1', store), store, place);
    expect(await readdir(elsewhere)).toEqual(['b']);
    expect(await readFile(join(elsewhere, 'b'), 'utf8')).toBe('of another program');
    expect(await readFile(join(place.directory, 'src/a'), 'utf8')).toBe('one');
  });

  test('exportSnapshot of a worktree includes uncommitted files, and does not change the repository', async () => {
    await writeFile(join(origin, 'src/a'), 'changed');
    await writeFile(join(origin, 'src/new'), 'new');
    const store = await freshStore();
    const objects = await run(['sh', '-c', 'find .git -type f | sort | xargs sha256sum'], { cwd: origin });
    const snapshot = await resolveRevision(local(), WORKTREE, store);
    const tree = await fresh();
    await exportSnapshot(snapshot, store, tree);
    expect(await readFile(join(tree, 'src/a'), 'utf8')).toBe('changed');
    expect(await readdir(join(tree, 'src'))).toEqual(['a', 'b', 'new']);
    expect(await run(['sh', '-c', 'find .git -type f | sort | xargs sha256sum'], { cwd: origin })).toEqual(objects);
    expect(await resolveRevision(local(), 'main', store)).toMatchObject({ id: second, uncommitted: 2 });
  });

  test('listSnapshot lists files and directories of a local or fetched commit, and nothing before the fetch', async () => {
    const store = await freshStore();
    const listing = await listSnapshot(await resolveRevision(local(), 'main', store), store.directory);
    expect(Object.keys(listing ?? {})).toEqual(['src', 'src/a', 'src/b']);
    const fetched = await freshStore();
    const snapshot = await resolveRevision(remote(), 'main', fetched);
    expect(await listSnapshot(snapshot, fetched.directory), 'before the fetch').toBeUndefined();
    await exportSnapshot(snapshot, fetched, await fresh());
    expect(await listSnapshot(snapshot, fetched.directory)).toEqual(listing);
  });

  test('rememberedListing returns the listing of a commit that was listed before, and of no other', async () => {
    const store = await freshStore();
    const listing = await listSnapshot(await resolveRevision(local(), 'v1', store), store.directory);
    expect(await rememberedListing(first, store.directory)).toEqual(listing);
    expect(await rememberedListing(second, store.directory)).toBeUndefined();
  });

  test('listSnapshot lists a worktree anew after each change, and does not remember it', async () => {
    const store = await freshStore();
    const before = await listSnapshot(await resolveRevision(local(), WORKTREE, store), store.directory);
    await writeFile(join(origin, 'src/new'), 'newer');
    const snapshot = await resolveRevision(local(), WORKTREE, store);
    const after = await listSnapshot(snapshot, store.directory);
    expect(after?.['src/new']).not.toBe(before?.['src/new']);
    expect(after?.['src/b']).toBe(before?.['src/b']);
    expect(await rememberedListing(snapshot.id, store.directory)).toBeUndefined();
  });

  test('resolveRevision rejects an unknown branch, an abbreviated remote commit and a missing directory', async () => {
    const store = await freshStore();
    await expect(resolveRevision(local(), 'nope', store)).rejects.toThrow(
      `${origin} has no branch, tag or commit nope`,
    );
    await expect(resolveRevision(remote(), 'd17aaba475', store)).rejects.toThrow(
      /has no branch, tag or ref d17aaba475; a commit needs all 40 digits/,
    );
    await expect(resolveRevision({ kind: 'local', path: '/no/where' }, 'main', store)).rejects.toThrow(
      '/no/where: no such directory',
    );
  });

  test('whyUnreachable reports a refused connection, and nothing for a port that accepts connections', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await whyUnreachable({ kind: 'remote', url: `https://127.0.0.1:${port}/x` }, {}, 500)).toBeUndefined();
    await new Promise((closed) => server.close(closed));
    expect(await whyUnreachable({ kind: 'remote', url: `https://127.0.0.1:${port}/x` }, {}, 500)).toContain(
      'ECONNREFUSED',
    );
  });
});
