import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readContainerdConfig } from './containerd-files.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-ctrd-files-'));
  await mkdir(join(directory, 'conf.d'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const main = (): string => join(directory, 'config.toml');
const write = (name: string, content: string | Uint8Array): Promise<void> => writeFile(join(directory, name), content);

test('readContainerdConfig returns an empty main file if it does not exist', async () => {
  expect(await readContainerdConfig(main())).toEqual([{ path: main(), text: '' }]);
});

test('readContainerdConfig returns each imported file once, in the order containerd reads them', async () => {
  await write('config.toml', `imports = ["conf.d/*.toml", "${join(directory, 'other.toml')}"]\r\n`);
  await write('conf.d/20.toml', 'imports = ["../config.toml", "more/30.toml"]\n');
  await write('conf.d/10.toml', '\uFEFFversion = 2\n');
  await write('conf.d/10.toml.bak', 'not read');
  await write('other.toml', '');
  await mkdir(join(directory, 'conf.d/more'));
  await write('conf.d/more/30.toml', '');
  const files = await readContainerdConfig(main());
  const names = ['config.toml', 'conf.d/10.toml', 'conf.d/20.toml', 'other.toml', 'conf.d/more/30.toml'];
  expect(files.map(({ path }) => path)).toEqual(names.map((name) => join(directory, name)));
  expect(files[1]?.text).toBe('\uFEFFversion = 2\n');
});

test.for([
  ['is not UTF-8', 'config.toml', Buffer.from([0x61, 0xff]), /config\.toml: .*not valid/],
  ['is not TOML', 'config.toml', 'version = ', /config\.toml: .*\(1, \d+\)/],
  ['is imported but does not exist', 'config.toml', 'imports = ["no.toml"]', /no\.toml: ENOENT/],
] as const)('readContainerdConfig rejects a file that %s and names it', async ([, name, content, complaint]) => {
  await write(name, content);
  await expect(readContainerdConfig(main())).rejects.toThrow(complaint);
});
