import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fileExists } from '../../helpers/files.ts';
import { whyUnreachable } from '../../helpers/git/repository.ts';
import { resolveRevision } from '../../helpers/git/snapshot.ts';
import { ExecError, run } from '../../helpers/process/exec.ts';
import { aptGet, downloadFile } from '../../helpers/toolchain/apt.ts';
import { cargoBuild, identifyCargo } from '../../helpers/toolchain/cargo.ts';
import { goEnvironment, identifyGo } from '../../helpers/toolchain/go.ts';
import { openBuildLog } from '../steps/source/build-log.ts';
import { loadConfig } from './config.ts';
import { type Outbound, outboundOf } from './outbound.ts';
import { type ExampleProxy, exampleProxy, PASSWORD } from './outbound-proxy.example.ts';
import { findCargo, findGo } from './toolchains.ts';
import { withTarget } from './validated.ts';

let directory: string;
let pages: Map<string, string | Uint8Array>;
let proxy: ExampleProxy;
let outbound: Outbound;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-proxy-'));
  pages = new Map();
  proxy = await exampleProxy(pages);
  const { path } = loadConfig().outbound;
  outbound = outboundOf({
    PATH: path.join(':'),
    http_proxy: proxy.url,
    HTTPS_PROXY: proxy.url,
    CARGO_REGISTRIES_MIRROR_INDEX: 'sparse+http://index.example/',
    GOPROXY: 'http://modules.example',
    GOFLAGS: '-mod=mod',
    GOMODCACHE: join(directory, 'modules'),
    GOSUMDB: 'off',
  });
});
afterEach(async () => {
  await proxy[Symbol.asyncDispose]();
  // chmod before the removal, because Go's cache of modules is read-only.
  await run(['chmod', '-R', 'u+w', directory]);
  await rm(directory, { recursive: true });
});

/** Error and output of a program that fails; fails itself if they contain the proxy's password. */
async function failure(trying: Promise<unknown>): Promise<string> {
  const error = await trying.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('the program did not fail');
  const { cause } = error;
  const said = [error.message, cause instanceof ExecError ? `${cause.stdout}${cause.stderr}` : ''].join('\n');
  for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(said).not.toContain(form);
  return said;
}

test('apt downloads a file through the proxy', async () => {
  pages.set('http://archive.example/a.deb', 'packaged');
  const file = join(directory, 'a.deb');
  await downloadFile('http://archive.example/a.deb', file, { env: outbound.network });
  expect(await readFile(file, 'utf8')).toBe('packaged');
  expect(proxy.asked).toEqual(['GET http://archive.example/a.deb']);
});

test('apt-get fetches package lists through the proxy', async () => {
  const list = join(directory, 'sources.list');
  await writeFile(list, 'deb [trusted=yes] http://archive.example/debian bookworm main\n');
  const options = [
    ...[`Dir::Etc::sourcelist=${list}`, 'Dir::Etc::sourceparts=-', `Dir::State::lists=${directory}/lists`],
    ...[`Dir::Cache=${directory}`, 'Acquire::Retries=0', 'APT::Sandbox::User=root'],
  ];
  await mkdir(join(directory, 'lists/partial'), { recursive: true });
  await failure(aptGet([...options.flatMap((option) => ['-o', option]), 'update'], { env: outbound.network }));
  expect(proxy.asked[0]).toBe('GET http://archive.example/debian/dists/bookworm/InRelease');
});

test('git resolves a branch of an http repository through the proxy, and sends CONNECT for an https one', async () => {
  const repository = join(directory, 'kata');
  await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
  const author = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  await run(['git', '-C', repository, ...author, 'commit', '--quiet', '--allow-empty', '-m', 'one']);
  await run(['git', '-C', repository, 'update-server-info']);
  const { stdout: id } = await run(['git', '-C', repository, 'rev-parse', 'HEAD']);
  const refs = await readFile(join(repository, '.git/info/refs'));
  pages.set('http://git.example/kata/info/refs?service=git-upload-pack', refs);
  pages.set('http://git.example/kata/HEAD', 'ref: refs/heads/main\n');
  const store = { directory, env: outbound.network };
  const found = await resolveRevision({ kind: 'remote', url: 'http://git.example/kata' }, 'main', store);
  expect(found.id).toBe(id.trim());
  expect(proxy.asked[0]).toBe('GET http://git.example/kata/info/refs?service=git-upload-pack');
  await failure(resolveRevision({ kind: 'remote', url: 'https://git.example/kata' }, 'main', store));
  expect(proxy.asked).toContain('CONNECT git.example:443');
});

test('a repository behind the proxy counts as reachable if the proxy is reachable', async () => {
  const remote = { kind: 'remote', url: 'https://git.example/kata' } as const;
  expect(await whyUnreachable(remote, outbound.network, 2_000)).toBeUndefined();
  await proxy[Symbol.asyncDispose]();
  expect(await whyUnreachable(remote, outbound.network, 2_000)).toMatch(
    /^the proxy 127\.0\.0\.1:\d+ cannot be reached/,
  );
  const exempt = { ...outbound.network, no_proxy: '.example' };
  expect(await whyUnreachable(remote, exempt, 2_000)).toMatch(/^git\.example /);
});

test("curl in upstream's scripts uses the proxy, and the build log does not contain the password", async () => {
  pages.set('http://kernel.example/linux.tar.xz', 'kernel');
  const config = { ...withTarget('kata', loadConfig({ KATA_CACHE_DIR: directory })), outbound };
  const log = await openBuildLog('kernel', { config, signal: AbortSignal.timeout(20_000) });
  const script = 'set -x; echo "$http_proxy"; curl --fail --silent --show-error "$1"';
  const command = ['sh', '-c', script, 'sh', 'http://kernel.example/linux.tar.xz'];
  await log.run('build-kernel.sh', command, { env: outbound.network });
  expect(proxy.asked).toEqual(['GET http://kernel.example/linux.tar.xz']);
  const said = await readFile(log.file, 'utf8');
  expect(said).toContain('http://******');
  for (const form of [PASSWORD, encodeURIComponent(PASSWORD)]) expect(said).not.toContain(form);
});

test('cargo reaches a registry through the proxy', async ({ skip }) => {
  const path = await findCargo(outbound);
  if (path === undefined) skip('cargo is not installed');
  const crate = join(directory, 'crate');
  await mkdir(join(crate, 'src'), { recursive: true });
  await writeFile(join(crate, 'src/main.rs'), 'fn main() {}\n');
  const manifest =
    '[package]\nname = "x"\nversion = "0.1.0"\n\n[dependencies]\ny = { version = "1", registry = "mirror" }\n';
  await writeFile(join(crate, 'Cargo.toml'), manifest);
  const cargo = await identifyCargo(path ?? '', { ...outbound.cargo, CARGO_HOME: join(directory, 'home') });
  await failure(cargoBuild({ cargo, crate, targetDir: join(directory, 'target'), say: () => {} }));
  expect(proxy.asked[0]).toBe('GET http://index.example/config.json');
});

test('go fetches a module from GOPROXY through the proxy, and stores it in GOMODCACHE', async ({ skip }) => {
  const path = await findGo(outbound);
  if (path === undefined) skip('Go is not installed');
  const at = 'http://modules.example/example.com/m/@v';
  pages.set(`${at}/v1.0.0.info`, '{"Version":"v1.0.0"}');
  pages.set(`${at}/v1.0.0.mod`, 'module example.com/m\n');
  const go = await identifyGo(path ?? '', outbound.go);
  const env = goEnvironment(go, { other: false });
  await run([go.path, 'list', '-m', 'example.com/m@v1.0.0'], { cwd: directory, env });
  expect(proxy.asked).toContain(`GET ${at}/v1.0.0.mod`);
  expect(await fileExists(join(directory, 'modules/cache/download/example.com/m/@v/v1.0.0.mod'))).toBe(true);
});

test('mmdebstrap fetches package lists through the proxy', async ({ skip }) => {
  if (!(await fileExists('/usr/bin/mmdebstrap'))) skip('mmdebstrap is not installed');
  const source = 'deb [trusted=yes] http://archive.example/debian bookworm main';
  const flags = ['--mode=root', '--variant=extract', '--format=directory', '--aptopt=Acquire::Retries "0"'];
  const command = ['mmdebstrap', ...flags, 'bookworm', join(directory, 'root'), source];
  await failure(run(command, { env: outbound.network }));
  expect(proxy.asked[0]).toBe('GET http://archive.example/debian/dists/bookworm/InRelease');
});

test('a registry on loopback is reached without the proxy', async () => {
  const registry = createServer((_, response) => response.end('directly'));
  await once(registry.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/v2/`;
  const { stdout } = await run(['curl', '--silent', url], { env: outbound.network });
  await new Promise((closed) => registry.close(closed));
  expect([stdout, proxy.asked]).toEqual(['directly', []]);
});

test('a child process without passed-on variables uses no proxy, although this process has one', async () => {
  vi.stubEnv('http_proxy', proxy.url);
  vi.stubEnv('HTTPS_PROXY', proxy.url);
  vi.stubEnv('CARGO_HOME', '/c');
  const { stdout } = await run(['env']).finally(() => vi.unstubAllEnvs());
  expect(stdout).not.toMatch(/proxy|CARGO/i);
});
