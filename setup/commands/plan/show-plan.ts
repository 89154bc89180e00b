import { PULL_ON_HOST } from '../../../helpers/kata/guest-pull.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { ArtefactState } from '../../engine/artefact-cache.ts';
import { diagnose, obstacles } from '../../host/doctor.ts';
import { PRIVILEGES, type Privilege } from '../../host/privileges.ts';
import type { Host } from '../../host/probe.ts';
import { plan } from '../../plan.ts';
import { artefactStates } from '../../session/engine.ts';
import { inspectTarget, resolveTarget } from '../../session/inspect-target.ts';
import { kataInstallation } from '../../steps/kata/kata-installation.ts';
import { missingPackages, packages } from '../../steps/packages.ts';
import { fetchedSource, isSourceKnown } from '../../steps/source/fetched-source.ts';
import { isCacheHidden } from './hidden-cache.ts';

/** `pnpm plan`: prints what set-up would do, and why. */
export async function showPlan(): Promise<void> {
  const { config: targeted, host, versions } = await inspectTarget({ notice: console.error });
  for (const problem of obstacles(diagnose(targeted, asRoot(host), versions))) {
    console.error(`a run is rejected: ${problem}`);
  }
  const config = await resolveTarget(targeted);
  const steps = plan(config);
  const hidden = await isCacheHidden(config.cacheDir);
  const states = hidden ? NO_STATES : await artefactStates(steps, config, host);
  if (!host.root) {
    const cache = hidden ? `the cache ${config.cacheDir} cannot be read, so what is built is unknown; ` : '';
    console.error(`not root: ${cache}a run needs root (sudo -E env "PATH=$PATH" pnpm test)`);
  }
  const isTold = config.agent === 'source' && config.why !== undefined;
  if (config.source !== undefined && !isTold) console.log(`Kata: ${config.source.name}`);
  for (const step of steps) {
    const state = states.get(step.id);
    const cached = step.kind !== 'service' || step.id === fetchedSource.id;
    const what = cached && hidden ? 'unknown: the cache cannot be read' : await action(step.id, state, config, host);
    console.log(`${step.id.padEnd(18)} ${step.title.padEnd(42)} ${what}`);
  }
}

/** A machine as root sees it: that a plan needs no root is said once. */
function asRoot(host: Host): Host {
  return host.root ? host : { ...host, root: true, privileges: Object.keys(PRIVILEGES) as Privilege[] };
}

const NO_STATES: ReadonlyMap<string, ArtefactState> = new Map();

/** What set-up would do in a step. */
async function action(
  id: string,
  state: ArtefactState | undefined,
  config: ResolvedConfig,
  host: Host,
): Promise<string> {
  if (state === undefined) return service(id, config, host);
  return state.why === undefined ? 'keep' : `build: ${state.why}`;
}

async function service(id: string, config: ResolvedConfig, host: Host): Promise<string> {
  if (id === fetchedSource.id) return (await isSourceKnown(config)) ? 'keep' : 'fetch';
  if (id === kataInstallation.id && config.cdh !== undefined) {
    return `start; guests pull images by ${PULL_ON_HOST[config.pull ?? 'force'].name}`;
  }
  if (id !== packages.id) return 'start';
  const missing = missingPackages(config, host);
  return missing.length === 0 ? 'keep' : `install ${missing.join(' ')}`;
}
