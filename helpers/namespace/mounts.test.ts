import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from '../process/exec.ts';
import { mentions, parseMountInfo, readMounts, unmount, unmountIfMounted } from './mounts.ts';

test('parseMountInfo decodes blank, tab, line end, backslash and #, and leaves other digits alone', () => {
  const [mount] = parseMountInfo(
    Buffer.from(
      '36 35 98:0 /a\\040b /run/t\\011n\\012s\\134\\134040\\043 rw,noatime master:1 shared:2 - 9p a\\043b rw,x=\\040\n',
    ),
  );
  expect(mount).toEqual({
    root: '/a b',
    point: '/run/t\tn\ns\\\\040#',
    path: Buffer.from('/run/t\tn\ns\\\\040#'),
    type: '9p',
    source: 'a#b',
    options: ['rw', 'noatime', 'rw', 'x= '],
  });
});

test('parseMountInfo reads a mount without optional fields, without a source, and with "-" as its name', () => {
  const [plain, nameless, dash] = parseMountInfo(
    Buffer.from('1 0 0:1 / /x rw - tmpfs tmpfs rw\n2 0 0:2 / /y ro shared:1 - tmpfs  rw\n3 0 0:3 / - rw - fuse - rw'),
  );
  expect(plain).toMatchObject({ point: '/x', type: 'tmpfs', source: 'tmpfs' });
  expect(nameless).toMatchObject({ point: '/y', type: 'tmpfs', source: '' });
  expect(dash).toMatchObject({ point: '-', type: 'fuse', source: '-' });
});

test('mentions() finds a text in the mount point, root, source and options of a mount', () => {
  const [mount] = parseMountInfo(Buffer.from('1 0 0:1 /r /p rw - overlay s rw,lowerdir=/o'));
  if (mount === undefined) throw new Error('no mount was read');
  expect(['/r', '/p', 's', '/o', '/other'].map((what) => mentions(mount, what))).toEqual([
    true,
    true,
    true,
    true,
    false,
  ]);
});

/** Names that a directory may have; the last is not UTF-8. */
const NAMES = [
  'my data',
  '-rf',
  'a\tb',
  'a\nb',
  'back\\slash',
  '\\040',
  '#hash',
  'quote\'"',
  'ü',
  Buffer.from([0x78, 0xff]),
];

test.for(NAMES)('readMounts finds, and unmount unmounts, a mount at a directory with the name %j', async (name) => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mounts-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  const path = Buffer.concat([Buffer.from(`${directory}/`), Buffer.from(name)]);
  await mkdir(path);
  execFileSync('xargs', ['--null', 'mount', '-t', 'tmpfs', 'none', '--'], { input: path });
  const here = async (): Promise<Awaited<ReturnType<typeof readMounts>>> =>
    (await readMounts()).filter((mount) => mentions(mount, directory));
  try {
    const found = await here();
    expect(found.map((mount) => mount.path)).toEqual([path]);
    for (const mount of found) await unmount(mount);
    expect(await here()).toEqual([]);
  } finally {
    if ((await here()).length > 0) await run(['umount', '--recursive', '--lazy', directory], { okCodes: [0, 1, 32] });
  }
});

test('unmount of a busy mount rejects with the error of umount', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mounts-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await run(['mount', '-t', 'tmpfs', 'none', directory]);
  const [mount] = (await readMounts()).filter(({ point }) => point === directory);
  if (mount === undefined) throw new Error('the mount was not found');
  await run(['mkdir', join(directory, 'inner')]);
  await run(['mount', '-t', 'tmpfs', 'none', join(directory, 'inner')]);
  try {
    await expect(unmount(mount)).rejects.toThrow(`${directory}: target is busy`);
  } finally {
    await run(['umount', '--recursive', directory]);
  }
});

test('unmountIfMounted unmounts a mount, accepts a path without one, and rejects with the error of umount for a busy one', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'kata-cc-mounts-'));
  const inner = join(directory, 'inner');
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await unmountIfMounted(directory);
  await unmountIfMounted(inner);
  await run(['mount', '-t', 'tmpfs', 'none', directory]);
  await mkdir(inner);
  await run(['mount', '-t', 'tmpfs', 'none', inner]);
  try {
    await expect(unmountIfMounted(directory)).rejects.toThrow(`${directory}: target is busy`);
    await unmountIfMounted(inner);
  } finally {
    await run(['umount', '--recursive', directory]);
  }
  expect((await readMounts()).filter((mount) => mentions(mount, directory))).toEqual([]);
});
