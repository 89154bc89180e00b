import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { leftOut, removeNamed } from './left-out.ts';

test.for<[what: string, script: string, names: string[]]>([
  [
    'units',
    'readonly -a systemd_units=(\n\t"a@"\n\t"b-c"\n)',
    ['a@.service', 'a@.socket', 'b-c.service', 'b-c.socket'],
  ],
  ['files', 'readonly -a systemd_files=(\n\t"x-generator"\n\t"y.timer"\n)', ['x-generator', 'y.timer']],
  ['units of a kind', 'readonly -a udev_systemd_units=("u")', ['u.service', 'u.socket']],
  ['no array if the script only uses them', 'for u in $systemd_units; do\ndone', []],
])("leftOut reads the names of %s from upstream's image builder script", ([, script, names]) => {
  expect([...leftOut(script)]).toEqual(names);
});

test('removeNamed removes files and links of the given names in every directory, and nothing else', async ({
  onTestFinished,
}) => {
  const root = await mkdtemp(join(tmpdir(), 'left-out-'));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, 'lib/a.service'), { recursive: true });
  await mkdir(join(root, 'etc'));
  await writeFile(join(root, 'lib/a.service/b.service'), '');
  await writeFile(join(root, 'lib/c.service'), '');
  await symlink('/nowhere', join(root, 'etc/b.service'));
  await removeNamed(root, new Set(['a.service', 'b.service']));
  expect((await readdir(root, { recursive: true })).sort()).toEqual(['etc', 'lib', 'lib/a.service', 'lib/c.service']);
});
