import { join } from 'node:path';
import { defined } from '../../helpers/defined.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { readFileOf } from '../../helpers/git/export.ts';
import { parseRepository, whyUnreachable } from '../../helpers/git/repository.ts';
import { resolveRevision, WORKTREE } from '../../helpers/git/snapshot.ts';
import { declaredFeatures, whyUnknownFeature } from '../../helpers/kata/agent-build.ts';
import { ADMIN_KUBECONFIG } from '../../helpers/kubernetes/cluster.ts';
import { type Cargo, identifyCargo } from '../../helpers/toolchain/cargo.ts';
import { type Go, identifyGo } from '../../helpers/toolchain/go.ts';
import { isMade } from '../engine/artefact-cache.ts';
import { codeInputs } from '../engine/code-inputs.ts';
import { PROJECT } from '../project.ts';
import { builtAgent } from '../steps/agent/kata-agent.ts';
import { muteOf } from '../target/mute.ts';
import { agentBuildInputs } from './agent-build-inputs.ts';
import { VARIABLES } from './config.ts';
import { describeSnapshot } from './describe-snapshot.ts';
import { findGiven } from './git-problem.ts';
import { gitStore } from './git-store.ts';
import { resolveRuntime } from './kata-runtime.ts';
import { resolveBuilds } from './resolve-builds.ts';
import type { KataSource, ResolvedConfig, SourceRevision } from './resolved.ts';
import { AGENT_PART, rememberedDigest } from './source-paths.ts';
import { findCargo, findGo } from './toolchains.ts';
import type { Config, TargetedConfig } from './validated.ts';

/**
 * Timeout of the check whether a repository can be reached, in milliseconds, so that a machine without a network starts
 * runs quickly.
 */
const REACHABLE_MS = 800;

/**
 * Resolves the configuration: `KATA_AGENT=auto` becomes `source` or `stand-in`, and a revision becomes a commit. Throws
 * {@link ConfigError} if a setting cannot be satisfied.
 */
export async function resolveConfig(config: TargetedConfig, signal?: AbortSignal): Promise<ResolvedConfig> {
  const problem = config.cdh === undefined ? undefined : whyNoCdh(config);
  if (problem !== undefined) throw new ConfigError(`KATA_CDH=${config.cdh}: ${problem}`);
  const resolved = await resolvePrograms(config, signal);
  if (resolved.agent === 'source') await checkFeatures(resolved, signal);
  // If the protos are known before anything is built, an unknown name in KATA_MUTE is an error at once; describeTarget
  // checks the other cases.
  if (resolved.agent === 'stand-in' || resolved.protos !== undefined) await muteOf(resolved, { generation: 'skopeo' });
  const kata = (): Promise<SourceRevision> => kataRevision(config, signal);
  return {
    ...resolved,
    ...(await resolveBuilds(resolved, {
      kata,
      cargo: () => toolchain(config, signal),
      go: () => goToolchain(config, signal),
      store: gitStore(config),
      signal,
    })),
  };
}

/** Throws {@link ConfigError} if the source's agent does not declare a feature of KATA_AGENT_FEATURES. */
async function checkFeatures(config: ResolvedConfig, signal?: AbortSignal): Promise<void> {
  const { agentFeatures = [], source } = config;
  if (source === undefined || agentFeatures.length === 0) return;
  const manifest = await readFileOf(source.snapshot, 'src/agent/Cargo.toml', gitStore(config), signal);
  const problem = whyUnknownFeature(agentFeatures, declaredFeatures(manifest));
  if (problem !== undefined) throw new ConfigError(`KATA_AGENT_FEATURES=${agentFeatures.join(',')}: ${problem}`);
}

/** Why guests of a configuration cannot have a CDH; `undefined` if they can. */
function whyNoCdh({ rootfs, target }: TargetedConfig): string | undefined {
  if (target === 'local') return 'guests of target local have no CDH; set KATA_TARGET=vm or KATA_TARGET=kata';
  // With upstream's root file system, systemd starts the agent by a unit that does not start a CDH.
  return target === 'kata' && rootfs === 'osbuilder'
    ? 'guests with KATA_ROOTFS=osbuilder do not start a CDH; set KATA_ROOTFS=own'
    : undefined;
}

async function resolvePrograms(config: TargetedConfig, signal?: AbortSignal): Promise<ResolvedConfig> {
  const resolved = await resolveAgent(config, signal);
  const wanted = resolved.agentCtl === 'source' || resolved.genpolicy === 'source';
  if (!wanted || resolved.source !== undefined) return resolved;
  return { ...resolved, source: await kataSource(config, await toolchain(config, signal), signal) };
}

async function resolveAgent(config: TargetedConfig, signal?: AbortSignal): Promise<ResolvedConfig> {
  if (config.target === 'kata') return resolveKata(config, signal);
  if (config.agent === 'source')
    return { ...config, source: await kataSource(config, await toolchain(config, signal), signal) };
  if (config.agent !== 'auto') return config;
  const standIn = (why: string): ResolvedConfig => ({ ...config, agent: 'stand-in', why });
  if (config.target === 'local' && !namesSource(config)) {
    return standIn(
      'building an agent takes minutes, so it is built here only if KATA_AGENT=source, katacontainers_repo or katacontainers_branch is set',
    );
  }
  try {
    const cargo = await toolchain(config, signal);
    const against = await whyNotSource(config, cargo);
    if (against !== undefined) return standIn(against);
    const source = await kataSource(config, cargo, signal);
    return { ...config, agent: 'source', source, why: `built from ${source.name}` };
  } catch (error) {
    // An unusable repository or branch of Kata is an error only if the user has set it; the default one is then not built.
    if (namesSource(config) || signal?.aborted) throw error;
    return standIn(messageOf(error));
  }
}

/** Resolves target `kata`, for which all of Kata is built, including agent and kernel, unless a bundle is provided. */
async function resolveKata(config: TargetedConfig, signal?: AbortSignal): Promise<ResolvedConfig> {
  const cluster = (await wantsCluster(config)) ? ({ cluster: true } as const) : {};
  const whole = {
    ...config,
    ...cluster,
    agent: 'source',
    kernel: config.kernel === 'source' ? 'source' : 'build',
  } as const;
  if (config.bundle !== undefined) return whole;
  const source = await kataSource(config, await toolchain(config, signal), signal);
  const runtime = await resolveRuntime(config, source, { store: gitStore(config), signal });
  return { ...whole, ...runtime, source: { ...source, ...defined({ go: await goToolchain(config, signal) }) } };
}

/**
 * Whether set-up creates a Kubernetes cluster. That takes minutes and changes the machine: with `auto`, it is done only
 * if there is a bundle for it.
 */
async function wantsCluster({ kubernetes, kubernetesBundle }: Config): Promise<boolean> {
  if (kubernetes !== 'auto') return kubernetes === 'yes';
  return kubernetesBundle !== undefined || fileExists(ADMIN_KUBECONFIG);
}

async function whyNotSource(config: TargetedConfig, cargo: Cargo | undefined): Promise<string | undefined> {
  if (namesSource(config)) return undefined;
  if (cargo === undefined) return 'cargo is not installed, so kata-agent cannot be built';
  if (await isBuilt(config, cargo)) return undefined;
  const unreachable = await whyUnreachable(parseRepository(config.kataRepo), config.outbound.network, REACHABLE_MS);
  return unreachable && `${unreachable}, so kata-agent cannot be built`;
}

/** Whether the cache has an up-to-date agent of a commit, so that the source is not needed. */
export async function isBuilt(
  config: Pick<Config, 'agentFeatures' | 'agentLibc' | 'agentProfile' | 'cacheDir' | 'kataBranch'>,
  cargo: Cargo,
): Promise<boolean> {
  const { cacheDir, kataBranch } = config;
  const source = await rememberedDigest(AGENT_PART, kataBranch, { cacheDir });
  if (source === undefined) return false;
  const code = await codeInputs(builtAgent.module, PROJECT);
  return isMade(join(cacheDir, builtAgent.id), {
    ...code,
    source,
    cargo: cargo.version,
    ...agentBuildInputs(config),
  });
}

/** Whether the user has named another Kata than the default one: then a run must not test something else. */
export function namesSource({ kataBranch, kataRepo }: Pick<Config, 'kataBranch' | 'kataRepo'>): boolean {
  return kataRepo !== VARIABLES.kataRepo.fallback || kataBranch !== VARIABLES.kataBranch.fallback;
}

async function kataSource(config: TargetedConfig, cargo: Cargo | undefined, signal?: AbortSignal): Promise<KataSource> {
  if (cargo === undefined) {
    if (config.target === 'kata' && config.bundle === undefined) {
      throw new ConfigError(
        'KATA_TARGET=kata: cargo, which builds Kata, is not installed; install Rust (https://rustup.rs) or set KATA_BUNDLE',
      );
    }
    const { agent, agentCtl, genpolicy } = config;
    const programs = { KATA_AGENT: agent, KATA_AGENT_CTL: agentCtl, KATA_GENPOLICY: genpolicy };
    const variable = Object.entries(programs).find(([, value]) => value === 'source')?.[0] ?? 'KATA_AGENT';
    throw new ConfigError(
      `${variable}=source: cargo is not installed; install Rust (https://rustup.rs) or set ${variable}`,
    );
  }
  return { ...(await kataRevision(config, signal)), cargo };
}

/** The revision of Kata that the settings name, as it is now. Throws {@link ConfigError} if it cannot be resolved. */
export async function kataRevision(config: TargetedConfig, signal?: AbortSignal): Promise<SourceRevision> {
  const { kataBranch, kataRepo } = config;
  if (kataBranch === WORKTREE && parseRepository(kataRepo).kind === 'remote') {
    throw new ConfigError('katacontainers_branch=worktree: katacontainers_repo must be a path on this machine');
  }
  const given = `katacontainers_repo=${kataRepo}, katacontainers_branch=${kataBranch}`;
  const snapshot = await findGiven(given, kataRepo, (repository) =>
    resolveRevision(repository, kataBranch, gitStore(config), signal),
  );
  return { snapshot, name: describeSnapshot(snapshot, 'katacontainers_branch') };
}

async function toolchain(
  { buildIsolation, outbound }: Pick<Config, 'buildIsolation' | 'outbound'>,
  signal?: AbortSignal,
): Promise<Cargo | undefined> {
  const path = await findCargo(outbound);
  if (path === undefined) return undefined;
  return { ...(await identifyCargo(path, outbound.cargo, signal)), isolated: buildIsolation };
}

async function goToolchain({ outbound }: Pick<Config, 'outbound'>, signal?: AbortSignal): Promise<Go | undefined> {
  const path = await findGo(outbound);
  return path === undefined ? undefined : identifyGo(path, outbound.go, signal);
}
