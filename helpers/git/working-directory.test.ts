import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { exportSnapshot } from './export.ts';
import { listSnapshot } from './listing.ts';
import { resolveRevision, WORKTREE } from './snapshot.ts';

let directory: string;
/** The checkout whose working directory is exported. */
let top: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-worktree-'));
  top = join(directory, 'kata');
  await repository(top, { 'src/a': 'a\n', 'run.sh': '#!/bin/sh\n' });
});
afterEach(() => rm(directory, { recursive: true }));

const inRepository = (at: string, ...args: string[]): string => {
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example', '-c', 'protocol.file.allow=always'];
  return execFileSync('git', ['-C', at, ...author, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
};

async function write(at: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(at, name, '..'), { recursive: true });
    await writeFile(join(at, name), text);
  }
}

async function repository(at: string, files: Readonly<Record<string, string>> = {}): Promise<void> {
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', at]);
  if (Object.keys(files).length === 0) return;
  await write(at, files);
  inRepository(at, 'add', '--all');
  inRepository(at, 'commit', '--quiet', '--message', 'one');
}

/** Type, mode, link target and content of each file below a directory, except the files of .git; names as bytes. */
function contents(at: string, ...ignored: readonly string[]): string[] {
  const prune = ['.git', ...ignored].flatMap((name) => ['-name', name, '-prune', '-o']);
  const find = (...what: string[]): Buffer => execFileSync('find', ['.', ...prune, ...what], { cwd: at });
  const sums = execFileSync('xargs', ['-0r', 'sha256sum', '--zero', '--'], {
    cwd: at,
    input: find('-type', 'f', '-print0'),
  });
  const all = [find('!', '-type', 'd', '-printf', '%P\t%y\t%m\t%l\\0'), sums].map((text) => text.toString('latin1'));
  return all
    .flatMap((text) => text.split('\0'))
    .filter(Boolean)
    .sort();
}

/** Exports the working directory of a checkout; returns the exported tree, the listing, and the entries left out. */
async function take(path = top): Promise<{ tree: string; leftOut: readonly string[]; listed: readonly string[] }> {
  const store = { directory: await mkdtemp(join(directory, 'store-')), env: {} };
  const tree = await mkdtemp(join(directory, 'tree-'));
  const snapshot = await resolveRevision({ kind: 'local', path }, WORKTREE, store);
  const { leftOut } = await exportSnapshot(snapshot, store, tree);
  const listed = Object.keys((await listSnapshot(snapshot, store.directory)) ?? {});
  return { tree, leftOut: [...(snapshot.leftOut ?? []), ...leftOut], listed };
}

/** Exports the working directory of a checkout, and expects all files except the `ignored` ones. */
async function expectWhole(...ignored: readonly string[]): Promise<void> {
  const before = contents(top);
  const { leftOut, tree } = await take();
  expect(contents(tree)).toEqual(contents(top, ...ignored));
  expect(leftOut).toEqual([]);
  expect(contents(top), 'the checkout is unchanged').toEqual(before);
}

describe('export of a worktree', () => {
  test('the export of a worktree includes files of repositories inside the checkout, with and without commits', async () => {
    await repository(join(top, 'empty'));
    await repository(join(top, 'new'));
    await write(top, { 'new/file': 'not committed' });
    await repository(join(top, 'deps/inner'), { 'src/b': 'b', '.gitignore': 'target\n' });
    await write(top, { 'deps/inner/src/c': 'c', 'deps/inner/target/object': 'o', 'deps/beside': 'd' });
    await repository(join(top, 'deps/inner/innermost'), { deep: 'down' });
    await write(top, { 'copied/.git': 'gitdir: /nonexistent\n', 'copied/file': 'of a repository that is gone' });
    await expectWhole('target');
  });

  test('the export of a worktree includes a submodule as it is checked out', async () => {
    await repository(join(directory, 'library'), { 'lib.rs': 'one' });
    inRepository(top, 'submodule', '--quiet', 'add', join(directory, 'library'), 'vendor/library');
    inRepository(top, 'commit', '--quiet', '--message', 'submodule');
    await write(top, { 'vendor/library/lib.rs': 'changed', 'vendor/library/new.rs': 'new' });
    await expectWhole();
  });

  test('the export of a worktree includes files unchanged that .gitattributes would exclude or convert', async () => {
    await write(top, {
      '.gitattributes': [
        '*.ignored export-ignore\n*.subst export-subst\n*.crlf text eol=crlf\n*.lf text\n',
        '*.ident ident\n*.large filter=lfs -text\n*.wide working-tree-encoding=UTF-16\n',
      ].join(''),
      ...{ 'a.ignored': 'a', 'a.subst': '$Format:%H$', 'a.crlf': 'one\ntwo\n', 'a.lf': 'one\r\ntwo\n' },
      ...{ 'a.ident': '$Id: of the author$', 'a.large': 'large', 'a.wide': 'not UTF-16' },
    });
    inRepository(top, 'config', 'filter.lfs.clean', 'exit 1');
    inRepository(top, 'config', 'filter.lfs.smudge', 'exit 1');
    inRepository(top, 'config', 'filter.lfs.required', 'true');
    await expectWhole();
  });

  test('the export of a worktree includes files with blanks, quotes, line ends and other bytes in their names', async () => {
    const names = [
      'a b',
      ' ',
      'a\nb',
      'a\tb',
      '"quoted"',
      "'",
      '-rf',
      '--',
      'back\\slash',
      '*',
      ':(top)x',
      ':x',
      'ü',
      '\u{1F600}',
      '\\377',
    ];
    for (const name of names) await write(top, { [`odd/${name}`]: name, [`odd-${name}/file`]: name });
    const bytes = Buffer.concat([Buffer.from(`${top}/odd/`), Buffer.from([0xff, 0xfe, 0x20])]);
    await writeFile(bytes, 'not UTF-8');
    inRepository(top, 'config', 'core.quotePath', 'true');
    await expectWhole();
  });

  test('the export of a worktree includes executable files and links, dangling ones too', async () => {
    // git's checkout gives an executable file this mode.
    await chmod(join(top, 'run.sh'), 0o777 & ~process.umask());
    await symlink('/nonexistent/a b', join(top, 'dangling'));
    await symlink('src', join(top, 'to-directory'));
    await symlink('src/a', join(top, 'to-file'));
    await write(top, { 'empty file': '' });
    inRepository(top, 'config', 'core.fileMode', 'false');
    await expectWhole();
  });

  test('the export of a worktree excludes ignored files', async () => {
    await write(top, {
      '.gitignore': 'target\n',
      'src/target/object': 'o',
      'src/kept': 'k',
      '.git/info/exclude': '*.tmp\n',
    });
    await write(top, { 'x.tmp': '' });
    await expectWhole('target', 'x.tmp');
  });

  test('the export of a worktree excludes deleted files, and files whose directory was replaced by a symbolic link', async () => {
    await write(top, { 'gone/a': 'a', 'file/a': 'a', 'link/a': 'a' });
    inRepository(top, 'add', '--all');
    inRepository(top, 'commit', '--quiet', '--message', 'more');
    await rm(join(top, 'gone'), { recursive: true });
    await rm(join(top, 'src/a'));
    await write(top, { 'src/a/b': 'b' });
    await rename(join(top, 'link'), join(top, 'moved'));
    await symlink('moved', join(top, 'link'));
    await expectWhole();
  });

  test('the export of a worktree in the middle of a rebase includes files with their conflict markers', async () => {
    inRepository(top, 'checkout', '--quiet', '-b', 'other');
    await write(top, { 'src/a': 'other\n' });
    inRepository(top, 'commit', '--quiet', '--all', '--message', 'other');
    inRepository(top, 'checkout', '--quiet', 'main');
    await write(top, { 'src/a': 'main\n' });
    inRepository(top, 'commit', '--quiet', '--all', '--message', 'main');
    expect(() => inRepository(top, 'rebase', 'other')).toThrow();
    await expectWhole();
  });

  test('a worktree of a repository without commits is exported', async () => {
    top = join(directory, 'unborn');
    await repository(top);
    await write(top, { 'src/a': 'a' });
    await expectWhole();
  });

  test('a linked worktree, and a shallow clone whose path has a colon and quotes, are exported', async () => {
    const linked = join(directory, 'linked');
    inRepository(top, 'worktree', 'add', '--quiet', '-b', 'linked', linked);
    await write(linked, { new: 'new' });
    const shallow = join(directory, 'a:"b" \\c');
    execFileSync('git', ['clone', '--quiet', '--depth=1', `file://${top}`, shallow], { stdio: 'ignore' });
    for (const path of [linked, shallow]) {
      top = path;
      await expectWhole();
    }
  });

  test('the export of a directory inside a checkout contains the whole worktree', async () => {
    const { listed, tree } = await take(join(top, 'src'));
    expect(contents(tree)).toEqual(contents(top));
    expect(listed).toContain('src/a');
  });

  test('the export of a worktree that belongs to another user succeeds', async ({ skip }) => {
    if (process.getuid?.() !== 0) skip('only root can give files away');
    execFileSync('chown', ['-R', '65534:65534', top]);
    await expectWhole();
  });

  test('git settings, hooks and GIT_* variables do not change the export of a worktree', async () => {
    const hook = join(directory, 'hooks/post-index-change');
    await write(directory, { 'hooks/post-index-change': `#!/bin/sh\ntouch ${directory}/hook-ran\n` });
    await chmod(hook, 0o755);
    const settings = {
      ...{ 'core.hooksPath': join(directory, 'hooks'), 'core.autocrlf': 'true', 'core.safecrlf': 'true' },
      ...{ 'commit.gpgSign': 'true', 'status.showUntrackedFiles': 'no', 'core.fsmonitor': 'true' },
    };
    for (const [name, value] of Object.entries(settings)) inRepository(top, 'config', name, value);
    await rm(join(directory, 'hook-ran'), { force: true });
    vi.stubEnv('GIT_DIR', '/nonexistent');
    vi.stubEnv('GIT_INDEX_FILE', '/nonexistent');
    await write(top, { windows: 'one\r\ntwo\n' });
    await expectWhole().finally(() => vi.unstubAllEnvs());
    expect(contents(directory, 'kata').some((line) => line.startsWith('hook-ran'))).toBe(false);
    const store = { directory: await mkdtemp(join(directory, 'store-')), env: {} };
    expect(await resolveRevision({ kind: 'local', path: top }, 'main', store)).toMatchObject({ uncommitted: 1 });
  });
});

test('the export of a worktree takes files that a sparse checkout leaves out from the commit', async () => {
  await write(top, { 'tools/b': 'b' });
  inRepository(top, 'add', '--all');
  inRepository(top, 'commit', '--quiet', '--message', 'tools');
  const whole = contents(top);
  inRepository(top, 'sparse-checkout', 'set', '--cone', 'tools');
  expect(contents(top)).not.toEqual(whole);
  const { leftOut, tree } = await take();
  expect([contents(tree), leftOut]).toEqual([whole, []]);
});

test('the export of a worktree names submodules that are not checked out and files that are not regular', async () => {
  await repository(join(directory, 'library'), { 'lib.rs': 'one' });
  inRepository(top, 'submodule', '--quiet', 'add', join(directory, 'library'), 'vendor/library');
  inRepository(top, 'commit', '--quiet', '--message', 'submodule');
  inRepository(top, 'submodule', '--quiet', 'deinit', '--force', 'vendor/library');
  await rm(join(top, 'run.sh'));
  execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', join(top, 'run.sh')]);
  expect((await take()).leftOut).toEqual([
    'run.sh, which is not a regular file',
    'submodule vendor/library, which is not checked out',
  ]);
});

test('the export of a worktree with a submodule whose repository is gone fails with a remedy', async () => {
  await repository(join(directory, 'library'), { 'lib.rs': 'one' });
  inRepository(top, 'submodule', '--quiet', 'add', join(directory, 'library'), 'vendor/library');
  await rm(join(top, '.git/modules'), { recursive: true });
  await expect(take()).rejects.toThrow(`${top}/vendor/library/ is a repository that git cannot read; remove it`);
});

test('the export of a worktree of a bare repository fails', async () => {
  const bare = join(directory, 'bare');
  execFileSync('git', ['clone', '--quiet', '--bare', top, bare]);
  await expect(take(bare)).rejects.toThrow(`${bare} is a bare repository without a working directory`);
});

test('the export of a commit ignores export-ignore and export-subst, and names submodules', async () => {
  await repository(join(directory, 'library'), { 'lib.rs': 'one' });
  inRepository(top, 'submodule', '--quiet', 'add', join(directory, 'library'), 'vendor/library');
  await write(top, { '.gitattributes': 'src export-ignore\n*.subst export-subst\n', 'a.subst': '$Format:%H$' });
  inRepository(top, 'add', '--all');
  inRepository(top, 'commit', '--quiet', '--message', 'attributes');
  const store = { directory: await mkdtemp(join(directory, 'store-')), env: {} };
  const tree = await mkdtemp(join(directory, 'tree-'));
  const snapshot = await resolveRevision({ kind: 'local', path: top }, 'main', store);
  expect(await exportSnapshot(snapshot, store, tree)).toEqual({ leftOut: ['submodule vendor/library'] });
  expect(contents(tree)).toEqual(contents(top, 'library'));
});
