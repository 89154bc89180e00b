import type { ResolvedConfig } from '../../config/resolved.ts';
import type { Host } from '../../host/probe.ts';
import { plan } from '../../plan.ts';
import { artefactStates } from '../../session/engine.ts';
import { inspectTarget, resolveTarget } from '../../session/inspect-target.ts';
import { missingPackages, packages } from '../../steps/packages.ts';
import { fetchedSource, isSourceKnown } from '../../steps/source/fetched-source.ts';

/** `pnpm plan`: prints what set-up would do, and why. */
export async function showPlan(): Promise<void> {
  const { config: targeted, host } = await inspectTarget();
  const config = await resolveTarget(targeted);
  const steps = plan(config);
  const states = await artefactStates(steps, config, host);
  for (const step of steps) {
    const state = states.get(step.id);
    const what = state
      ? state.why === undefined
        ? 'keep'
        : `build: ${state.why}`
      : await service(step.id, config, host);
    console.log(`${step.id.padEnd(18)} ${step.title.padEnd(42)} ${what}`);
  }
}

async function service(id: string, config: ResolvedConfig, host: Host): Promise<string> {
  if (id === fetchedSource.id) return (await isSourceKnown(config)) ? 'keep' : 'fetch';
  if (id !== packages.id) return 'start';
  const missing = missingPackages(config, host);
  return missing.length === 0 ? 'keep' : `install ${missing.join(' ')}`;
}
