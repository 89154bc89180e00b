import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseToml } from '../text/toml-read.ts';
import { readSettings, registryVariables, settingsForBuild } from './cargo-home.ts';

test("settingsForBuild keeps what decides a build's result, and no credentials, proxies or wrappers", () => {
  const { text } = settingsForBuild(
    `paths = ["/crates/fork"]
[build]
rustc-wrapper = "/home/me/bin/sccache"
rustflags = ["-C", "target-cpu=native"]
target-dir = "/home/me/target"
[env]
OPENSSL_DIR = "/usr/local/ssl"
[http]
proxy = "http://me:secret@proxy"
[net]
git-fetch-with-cli = true
[profile.release]
debug = 1
[registry]
token = "secret"
[registries.mine]
index = "sparse+https://crates.example/"
token = "secret"
credential-provider = ["/home/me/bin/token"]
[source.crates-io]
replace-with = "mirror"
[source.mirror]
registry = "sparse+https://mirror.example/"
[target.x86_64-unknown-linux-gnu]
linker = "clang"
`,
    '/home/me',
  );
  expect(parseToml(text)).toEqual({
    paths: ['/crates/fork'],
    build: { rustflags: ['-C', 'target-cpu=native'] },
    env: { OPENSSL_DIR: '/usr/local/ssl' },
    profile: { release: { debug: 1 } },
    registries: { mine: { index: 'sparse+https://crates.example/' } },
    source: { 'crates-io': { 'replace-with': 'mirror' }, mirror: { registry: 'sparse+https://mirror.example/' } },
    target: { 'x86_64-unknown-linux-gnu': { linker: 'clang' } },
  });
});

test('settingsForBuild finds the directories of crates that replace others, relative to the parent of CARGO_HOME', () => {
  const config = `paths = ["fork"]
[patch.crates-io]
ttrpc = { path = "/src/ttrpc-rust" }
nix = { git = "https://git.example/nix" }
[patch."https://git.example/kata"]
oci = { path = "kata/oci" }
[source.vendored]
directory = "vendor"
[source.archive]
local-registry = "/srv/registry"
`;
  expect(settingsForBuild(config, '/home/me')).toMatchObject({
    crates: ['/src/ttrpc-rust', '/home/me/kata/oci', '/home/me/fork'],
    sources: ['/home/me/vendor', '/srv/registry'],
  });
});

test('readSettings returns the workspace of a crate that replaces another, from which the crate may inherit', async () => {
  const home = await mkdtemp(join(tmpdir(), 'kata-cc-cargo-home-'));
  onTestFinished(() => rm(home, { recursive: true }));
  await mkdir(join(home, 'work/member'), { recursive: true });
  await writeFile(join(home, 'work/Cargo.toml'), '[workspace]\nmembers = ["member"]\n');
  await writeFile(join(home, 'work/member/Cargo.toml'), '[package]\nname = "member"\nversion.workspace = true\n');
  await mkdir(join(home, 'alone'));
  await writeFile(join(home, 'alone/Cargo.toml'), '[package]\nname = "alone"\n');
  await mkdir(join(home, '.cargo'));
  expect(await readSettings(join(home, '.cargo'))).toBeUndefined();
  const patches = `[patch.crates-io]\nmember = { path = "work/member" }\nalone = { path = "${home}/alone" }\n`;
  await writeFile(join(home, '.cargo/config.toml'), patches);
  expect((await readSettings(join(home, '.cargo')))?.used).toEqual([join(home, 'work'), join(home, 'alone')]);
  await writeFile(join(home, '.cargo/config.toml'), 'patch = [\n');
  await expect(readSettings(join(home, '.cargo'))).rejects.toThrow(`${home}/.cargo/config.toml: `);
});

test('registryVariables passes addresses of registries to a build, and no tokens', () => {
  const addresses = {
    CARGO_REGISTRY_DEFAULT: 'mine',
    CARGO_REGISTRIES_MINE_INDEX: 'https://crates.example/',
    CARGO_REGISTRIES_CRATES_IO_PROTOCOL: 'sparse',
  };
  const secrets = { CARGO_REGISTRY_TOKEN: 'secret', CARGO_REGISTRIES_MINE_TOKEN: 'secret', http_proxy: 'http://proxy' };
  expect(registryVariables({ ...addresses, ...secrets })).toEqual(addresses);
});
