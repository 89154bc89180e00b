import { join } from 'node:path';
import { type Cargo, identifyCargo } from '../helpers/cargo.ts';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { fileExists } from '../helpers/files.ts';
import { displayRepository, parseRepository, whyUnreachable } from '../helpers/git/repository.ts';
import { resolveRevision, type Snapshot, WORKTREE } from '../helpers/git/snapshot.ts';
import { type Go, identifyGo } from '../helpers/go.ts';
import { ADMIN_KUBECONFIG } from '../helpers/kubernetes/cluster.ts';
import { isMade } from './artefact-cache.ts';
import { codeInputs } from './code-inputs.ts';
import { type Config, type TargetedConfig, VARIABLES } from './config.ts';
import { gitStore } from './git-store.ts';
import { AGENT_PART, rememberedDigest } from './kata-parts.ts';
import { withoutWhat } from './left-out.ts';
import { type Builds, settleBuilds } from './settle-builds.ts';
import { builtAgent } from './steps/kata-agent.ts';
import { findCargo, findGo } from './toolchains.ts';

/** Which of Kata's sources it is. */
export interface KataRevision {
  readonly snapshot: Snapshot;
  /** For people: repository, revision and commit. */
  readonly name: string;
}

/** Which of Kata's sources is built, and with what. */
export interface KataSource extends KataRevision {
  readonly cargo: Cargo;
  /** For target `kata`: the agent alone needs none. Absent where there is none. */
  readonly go?: Go;
}

/** The configuration with everything decided that depends on this machine or on the network. */
export interface Settled extends TargetedConfig, Builds {
  /** Set when something is built from it: the agent, or upstream's client for it. */
  readonly source?: KataSource;
  /** Set when a cluster is to be there. */
  readonly cluster?: true;
  /** Why this agent, where the user left the choice to us. */
  readonly why?: string;
}

/** How long a machine without a network may keep a run from starting, in milliseconds. */
const REACHABLE_MS = 800;

/**
 * Decides what the user left open: `KATA_AGENT=auto` becomes `source` or `stand-in`, and a revision becomes a commit.
 * Throws {@link ConfigError} when the user asked for something that cannot be had.
 */
export async function settle(config: TargetedConfig, signal?: AbortSignal): Promise<Settled> {
  const problem = config.dataHub === undefined ? undefined : await whyNoDataHub(config);
  if (problem !== undefined) throw new ConfigError(`KATA_CDH=${config.dataHub}: ${problem}`);
  const settled = await settlePrograms(config, signal);
  const kata = (): Promise<KataRevision> => kataRevision(config, signal);
  return {
    ...settled,
    ...(await settleBuilds(settled, { kata, cargo: () => toolchain(config, signal), store: gitStore(config), signal })),
  };
}

/** Why guests cannot be given a confidential data hub. */
async function whyNoDataHub(config: TargetedConfig): Promise<string | undefined> {
  switch (config.target) {
    case 'local':
      return 'guests of the target local are given none; set KATA_TARGET=vm or KATA_TARGET=kata';
    case 'vm':
      return undefined;
    case 'kata':
      // Upstream's first process starts the agent by a unit that knows nothing of a hub.
      if (config.rootfs === 'osbuilder') {
        return 'nobody starts it in a root file system of KATA_ROOTFS=osbuilder; set KATA_ROOTFS=own';
      }
      // The registry has another port for every run, and that is what a node's names lead to.
      return (await wantsCluster(config))
        ? 'a guest that pulls cannot resolve the names that a node has for images; set KUBERNETES=no'
        : undefined;
  }
}

async function settlePrograms(config: TargetedConfig, signal?: AbortSignal): Promise<Settled> {
  const settled = await settleAgent(config, signal);
  if (settled.agentCtl !== 'source' || settled.source !== undefined) return settled;
  return { ...settled, source: await kataSource(config, await toolchain(config, signal), signal) };
}

async function settleAgent(config: TargetedConfig, signal?: AbortSignal): Promise<Settled> {
  if (config.target === 'kata') return settleKata(config, signal);
  if (config.agent === 'source')
    return { ...config, source: await kataSource(config, await toolchain(config, signal), signal) };
  if (config.agent !== 'auto') return config;
  const standIn = (why: string): Settled => ({ ...config, agent: 'stand-in', why });
  if (config.target === 'local' && !namesRepository(config)) {
    return standIn('KATA_AGENT and katacontainers_repo are not set, and building takes minutes');
  }
  try {
    const cargo = await toolchain(config, signal);
    const against = await whyNotSource(config, cargo);
    if (against !== undefined) return standIn(against);
    const source = await kataSource(config, cargo, signal);
    return { ...config, agent: 'source', source, why: `built from ${source.name}` };
  } catch (error) {
    // Named by the user, a repository that cannot be used is an error; ours is a choice that falls away.
    if (namesRepository(config) || signal?.aborted) throw error;
    return standIn(messageOf(error));
  }
}

/** Kata itself is built whole, agent and kernel included, unless that was done elsewhere. */
async function settleKata(config: TargetedConfig, signal?: AbortSignal): Promise<Settled> {
  const cluster = (await wantsCluster(config)) ? ({ cluster: true } as const) : {};
  const whole = {
    ...config,
    ...cluster,
    agent: 'source',
    kernel: config.kernel === 'source' ? 'source' : 'build',
  } as const;
  if (config.bundle !== undefined) return whole;
  const source = await kataSource(config, await toolchain(config, signal), signal);
  const go = await findGo(config.outbound);
  return {
    ...whole,
    source: go === undefined ? source : { ...source, go: await identifyGo(go, config.outbound.go, signal) },
  };
}

/** Bringing one up takes minutes and changes the machine: unasked it is done only with what was brought along for it. */
async function wantsCluster({ kubernetes, kubernetesBundle }: Config): Promise<boolean> {
  if (kubernetes !== 'auto') return kubernetes === 'yes';
  return kubernetesBundle !== undefined || fileExists(ADMIN_KUBECONFIG);
}

async function whyNotSource(config: TargetedConfig, cargo: Cargo | undefined): Promise<string | undefined> {
  if (cargo === undefined) return 'cargo is not installed, the real one cannot be built';
  if (namesRepository(config) || (await isBuilt(config, cargo))) return undefined;
  const unreachable = await whyUnreachable(parseRepository(config.kataRepo), config.outbound.network, REACHABLE_MS);
  return unreachable && `${unreachable}, the real one cannot be built`;
}

/** Whether the cache has the agent of a commit just as it would be built now, so that no source is needed. */
export async function isBuilt(
  { cacheDir, kataBranch }: Pick<Config, 'cacheDir' | 'kataBranch'>,
  cargo: Cargo,
): Promise<boolean> {
  const source = await rememberedDigest(AGENT_PART, kataBranch, { cacheDir });
  if (source === undefined) return false;
  const code = await codeInputs(builtAgent.module);
  return isMade(join(cacheDir, builtAgent.id), { ...code, source, cargo: cargo.version });
}

function namesRepository(config: Config): boolean {
  return config.kataRepo !== VARIABLES.kataRepo.fallback;
}

async function kataSource(config: TargetedConfig, cargo: Cargo | undefined, signal?: AbortSignal): Promise<KataSource> {
  if (cargo === undefined) {
    const variable = config.agentCtl === 'source' ? 'KATA_AGENT_CTL' : 'KATA_AGENT';
    throw new ConfigError(
      `${variable}=source: cargo is not installed; install Rust (https://rustup.rs) or set ${variable}`,
    );
  }
  return { ...(await kataRevision(config, signal)), cargo };
}

async function kataRevision(config: TargetedConfig, signal?: AbortSignal): Promise<KataRevision> {
  const repository = parseRepository(config.kataRepo);
  if (config.kataBranch === WORKTREE && repository.kind === 'remote') {
    throw new ConfigError('katacontainers_branch=worktree: katacontainers_repo must be a path on this machine then');
  }
  const snapshot = await resolveRevision(repository, config.kataBranch, gitStore(config), signal).catch(
    (cause: unknown) => {
      throw new ConfigError(`katacontainers_branch=${config.kataBranch}: ${messageOf(cause)}`, { cause });
    },
  );
  return { snapshot, name: describe(snapshot) };
}

function describe({ id, leftOut = [], repository, revision, uncommitted }: Snapshot): string {
  const short = id.slice(0, 10);
  const what = id.startsWith(revision)
    ? short
    : revision === WORKTREE
      ? `${revision} (tree ${short})`
      : `${revision} (${short})`;
  const without =
    uncommitted === 0
      ? ''
      : `, without ${uncommitted} uncommitted changes (katacontainers_branch=${WORKTREE} takes them)`;
  return `${displayRepository(repository)} at ${what}${without}${withoutWhat(leftOut)}`;
}

async function toolchain({ outbound }: Pick<Config, 'outbound'>, signal?: AbortSignal): Promise<Cargo | undefined> {
  const path = await findCargo(outbound);
  return path === undefined ? undefined : identifyCargo(path, outbound.cargo, signal);
}
