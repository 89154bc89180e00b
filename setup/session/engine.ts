import { journalDir } from '../config/config.ts';
import { RUN_ROOT } from '../config/paths.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import type { Config } from '../config/validated.ts';
import { type ArtefactState, inspect } from '../engine/artefact-cache.ts';
import type { RunOptions, Surroundings } from '../engine/options.ts';
import { type Session as EngineSession, provision } from '../engine/provision.ts';
import { type TeardownResult, teardown } from '../engine/teardown.ts';
import { type Host, probeHost } from '../host/probe.ts';
import { PROJECT } from '../project.ts';
import type { Step } from '../step.ts';
import { leftBehind, UNDO_KINDS } from './undo-kinds.ts';

/* The set-up engine with this project's directories, undos and probe of the machine. */

/** What the steps of set-up have created, until it is disposed. */
export type Session = EngineSession<ResolvedConfig, Host>;

type Options = Pick<RunOptions<ResolvedConfig, Host>, 'config' | 'host' | 'progress' | 'signal' | 'selected'>;

/** Runs set-up steps. Disposing the session undoes them. */
export function provisionSteps(steps: readonly Step[], options: Options): Promise<Session> {
  return provision(steps, { ...surroundings(options.config, options.host), ...options });
}

/** States of the artefacts among steps, by step id; builds nothing. */
export async function artefactStates(
  steps: readonly Step[],
  config: ResolvedConfig,
  host: Host,
): Promise<ReadonlyMap<string, ArtefactState>> {
  const states = new Map<string, ArtefactState>();
  const fingerprints = new Map<string, string>();
  for (const step of steps) {
    if (step.kind === 'service') continue;
    const state = await inspect(step, surroundings(config, host), fingerprints);
    fingerprints.set(step.id, state.fingerprint);
    states.set(step.id, state);
  }
  return states;
}

/** Removes the resources that killed runs left. */
export function teardownRuns(config: Pick<Config, 'cacheDir'>): Promise<TeardownResult> {
  return teardown(journalDir(config), UNDO_KINDS);
}

function surroundings(config: ResolvedConfig, host: Host): Surroundings<ResolvedConfig, Host> {
  return {
    config,
    host,
    refreshHost: () => probeHost(config.cacheDir),
    cacheDir: config.cacheDir,
    project: PROJECT,
    journalDir: journalDir(config),
    runRoot: RUN_ROOT,
    undoKinds: UNDO_KINDS,
    leftBehind: (runId) => leftBehind(config, runId),
  };
}
