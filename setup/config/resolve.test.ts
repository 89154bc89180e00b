import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testWhere } from '../../helpers/contract/run-where.ts';
import type { TargetName } from '../../helpers/contract/target.ts';
import { messageOf } from '../../helpers/errors.ts';
import { run } from '../../helpers/process/exec.ts';
import { type Cargo, identifyCargo } from '../../helpers/toolchain/cargo.ts';
import { type Inputs, make } from '../engine/artefact-cache.ts';
import { codeInputs } from '../engine/code-inputs.ts';
import { PROJECT } from '../project.ts';
import { builtAgent } from '../steps/agent/kata-agent.ts';
import { agentBuildInputs } from './agent-build-inputs.ts';
import { loadConfig } from './config.ts';
import { SEED_COMMIT } from './pins.ts';
import { isBuilt, resolveConfig } from './resolve.ts';
import { AGENT_PART, sourceDigest } from './source-paths.ts';
import { findCargo } from './toolchains.ts';
import { type TargetedConfig, withTarget } from './validated.ts';

const { outbound } = loadConfig();
const path = await findCargo(outbound);
const CARGO = path !== undefined || 'there is no cargo';
const cargoHere = (): Promise<Cargo> => identifyCargo(path ?? 'cargo', outbound.cargo);

let directory: string;
let repository: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-resolve-'));
  repository = join(directory, 'kata');
  await run(['git', 'init', '--quiet', '--initial-branch=main', repository]);
  await mkdir(join(repository, 'src/agent'), { recursive: true });
  await writeFile(join(repository, 'src/agent/Cargo.toml'), '[features]\nseccomp = []\nagent-policy = []\n');
  const name = ['-c', 'user.name=Test', '-c', 'user.email=test@kata.example'];
  await run(['git', '-C', repository, 'add', '--all']);
  await run(['git', '-C', repository, ...name, 'commit', '--quiet', '-m', 'one']);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const config = (environment: Record<string, string>, target: TargetName = 'local'): TargetedConfig =>
  withTarget(target, loadConfig({ KATA_CACHE_DIR: join(directory, 'cache'), ...environment }));

test('KATA_AGENT=auto on target local resolves to the stand-in', async () => {
  expect(await resolveConfig(config({}))).toMatchObject({
    agent: 'stand-in',
    why: expect.stringMatching(/^building an agent takes minutes, .* is set$/),
  });
});

testWhere(CARGO)('KATA_AGENT=auto on target local resolves to source if katacontainers_repo is set', async () => {
  const named = await resolveConfig(config({ katacontainers_repo: repository, katacontainers_branch: 'main' }));
  expect(named).toMatchObject({
    agent: 'source',
    source: { snapshot: { id: expect.stringMatching(/^[0-9a-f]{40}$/) } },
  });
});

testWhere(CARGO)('KATA_AGENT=auto never becomes the stand-in if katacontainers_branch is set', async () => {
  const branch = { katacontainers_branch: '0123456789abcdef0123456789abcdef01234567' };
  expect(await resolveConfig(config(branch))).toMatchObject({ agent: 'source' });
  const nowhere = { katacontainers_branch: 'nope', ALL_PROXY: 'http://127.0.0.1:9' };
  await expect(resolveConfig(config(nowhere, 'vm'))).rejects.toThrow(
    /^katacontainers_repo=.*, katacontainers_branch=nope: /,
  );
});

test('KATA_AGENT=auto does not become the stand-in if katacontainers_repo is set, where cargo is missing', async () => {
  const { outbound, ...named } = config({ katacontainers_repo: repository, katacontainers_branch: 'main' });
  const outcome = await resolveConfig({ ...named, outbound: { ...outbound, path: [], cargo: {} } }).then(
    ({ agent }) => agent,
    messageOf,
  );
  // Cargo may be in a directory that is always searched.
  expect(outcome).toMatch(/^source$|^KATA_AGENT=source: cargo is not installed; /);
});

testWhere(CARGO)('a feature that the agent does not declare is rejected before anything is built', async () => {
  const resolve = (features: string): ReturnType<typeof resolveConfig> => {
    const source = { KATA_AGENT: 'source', katacontainers_repo: repository, katacontainers_branch: 'main' };
    return resolveConfig(config({ ...source, KATA_AGENT_FEATURES: features }));
  };
  expect(await resolve('seccomp,agent-policy')).toMatchObject({ agentFeatures: ['agent-policy', 'seccomp'] });
  await expect(resolve('seccomp,init-data')).rejects.toThrow(
    'KATA_AGENT_FEATURES=init-data,seccomp: this agent has no feature init-data; its Cargo.toml declares agent-policy, seccomp',
  );
});

test('an explicit KATA_AGENT is kept', async () => {
  expect(await resolveConfig(config({ KATA_AGENT: 'stand-in', katacontainers_repo: repository }))).toMatchObject({
    agent: 'stand-in',
  });
  expect(await resolveConfig(config({ KATA_AGENT: '/bin/true' }))).toMatchObject({ agent: '/bin/true' });
});

test('an unknown KATA_MUTE is rejected before anything is built, if the protos are known', async () => {
  const mute = (text: string, more: Record<string, string> = {}): Promise<unknown> =>
    resolveConfig(config({ KATA_AGENT: 'stand-in', KATA_MUTE: text, ...more }));
  expect(await mute('PauseContainer.container_id')).toMatchObject({ mute: 'PauseContainer.container_id' });
  const unknown =
    'KATA_MUTE=PauseContaner: agent and shim have no RPC method PauseContaner; did you mean PauseContainer?';
  await expect(mute('PauseContaner')).rejects.toThrow(unknown);
  const main = join(PROJECT.directory, 'protos/main');
  expect(await mute('SetPolicy', { KATA_AGENT: '/bin/true', KATA_PROTOS: main })).toMatchObject({ mute: 'SetPolicy' });
  await expect(mute('PullImage', { KATA_AGENT: '/bin/true', KATA_PROTOS: main })).rejects.toThrow(
    'KATA_MUTE=PullImage',
  );
});

testWhere(CARGO)('an unusable katacontainers_repo is reported in one line', async () => {
  await expect(resolveConfig(config({ katacontainers_repo: '/usr' }))).rejects.toThrow(
    `katacontainers_repo=/usr, katacontainers_branch=${SEED_COMMIT}: /usr is not a git repository`,
  );
  await expect(resolveConfig(config({ katacontainers_repo: '/no/where' }))).rejects.toThrow(
    `katacontainers_repo=/no/where, katacontainers_branch=${SEED_COMMIT}: /no/where: no such directory`,
  );
  await expect(
    resolveConfig(config({ katacontainers_repo: repository, katacontainers_branch: 'nope' })),
  ).rejects.toThrow(`katacontainers_branch=nope: ${repository} has no branch, tag or commit nope`);
  await expect(resolveConfig(config({ KATA_AGENT: 'source', katacontainers_branch: 'worktree' }))).rejects.toThrow(
    'katacontainers_repo must be a path on this machine',
  );
});

test('KATA_CDH is rejected for guests that cannot have a CDH', async () => {
  await expect(resolveConfig(config({ KATA_CDH: '/bin/true' }))).rejects.toThrow(
    'KATA_CDH=/bin/true: guests of target local have no CDH; set KATA_TARGET=vm or KATA_TARGET=kata',
  );
  await expect(resolveConfig(config({ KATA_CDH: '/bin/true', KATA_ROOTFS: 'osbuilder' }, 'kata'))).rejects.toThrow(
    'KATA_CDH=/bin/true: guests with KATA_ROOTFS=osbuilder do not start a CDH; set KATA_ROOTFS=own',
  );
});

test('resolving KATA_AGENT=auto for target vm without a network takes at most a second', async () => {
  const begun = performance.now();
  const resolved = await resolveConfig({
    ...config({}, 'vm'),
    kataRepo: 'github.com/kata-containers/kata-containers',
  });
  expect(performance.now() - begun).toBeLessThan(1_500);
  expect(resolved.why).toBeDefined();
});

testWhere(CARGO)('a kata-agent in the artefact cache is used without network access', async () => {
  const cacheDir = join(directory, 'built');
  const kataBranch = await haveBuilt(cacheDir, await codeInputs(builtAgent.module, PROJECT));
  expect(await resolveConfig({ ...config({}, 'vm'), cacheDir, kataBranch })).toMatchObject({
    agent: 'source',
    source: { snapshot: { id: kataBranch, repository: { kind: 'remote' } } },
  });
});

testWhere(CARGO)(
  'a kata-agent in the artefact cache that other code built is not used without its source',
  async () => {
    const cacheDir = join(directory, 'built-otherwise');
    const cargo = await cargoHere();
    const kataBranch = await haveBuilt(cacheDir, { code: 'another' });
    expect(await isBuilt({ ...config({}), cacheDir, kataBranch }, cargo)).toBe(false);
    await haveBuilt(cacheDir, await codeInputs(builtAgent.module, PROJECT));
    expect(await isBuilt({ ...config({}), cacheDir, kataBranch }, cargo)).toBe(true);
  },
);

/**
 * Puts an agent into a cache as if this code had built it from the repository with this machine's cargo. Returns the
 * commit.
 */
async function haveBuilt(cacheDir: string, code: Inputs): Promise<string> {
  const cargo = await cargoHere();
  const { source } = await resolveConfig({
    ...config({ katacontainers_repo: repository, katacontainers_branch: 'main' }),
    cacheDir,
  });
  if (source === undefined) throw new Error('no source was resolved');
  const inputs = {
    source: await sourceDigest(AGENT_PART, source, { cacheDir }),
    cargo: cargo.version,
    ...agentBuildInputs(config({})),
    ...code,
  };
  const fingerprint = String(code['code']).slice(0, 16);
  await make({ directory: join(cacheDir, 'kata-agent', fingerprint), inputs, fingerprint }, 'run', async () => {});
  return source.snapshot.id;
}
