import { messageOf } from '../../helpers/errors.ts';
import { readArguments } from '../../helpers/process/arguments.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { diagnose, obstacles, renderChecks } from '../host/doctor.ts';
import type { Host } from '../host/probe.ts';
import { installationOf } from '../installation/installation.ts';
import { plan } from '../plan.ts';
import { artefactStates, teardownRuns } from '../session/engine.ts';
import { inspectTarget, resolveTarget } from '../session/inspect-target.ts';
import { readSettings } from '../session/settings.ts';
import { missingPackages, packages } from '../steps/packages.ts';
import { fetchedSource, isSourceKnown } from '../steps/source/fetched-source.ts';

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
  /** `pnpm plan`: prints what set-up would do, and why. */
  async plan() {
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
  },
  /** `pnpm run doctor`: checks whether this machine can run the target. */
  async doctor() {
    const { config, host } = await inspectTarget();
    const findings = diagnose(config, host);
    console.log(renderChecks(findings));
    const found = obstacles(findings);
    console.log(found.length === 0 ? `ready for KATA_TARGET=${config.target}` : `not ready: ${found[0]}`);
    if (found.length > 0) process.exitCode = 1;
  },
  /** `pnpm teardown`: removes the resources of killed runs. */
  async teardown() {
    const config = readSettings();
    const { undone, alive } = await teardownRuns(config);
    // Also undoes the installation, unless a run uses it.
    const installation = installationOf(config);
    const restored = alive.length === 0 ? await installation.undo() : [];
    const kept = alive.length === 0 ? 0 : (await installation.paths()).length;
    for (const { runId } of undone) console.log(`undone: run ${runId}`);
    for (const { runId, pid } of alive) console.log(`skipped: run ${runId} is still running (process ${pid})`);
    if (kept > 0) console.log(`skipped: ${kept} files of Kata's installation, since a run is still running`);
    for (const what of restored) console.log(`undone: ${what}`);
    if (undone.length + alive.length + restored.length === 0) console.log('nothing to undo');
  },
};

async function service(id: string, config: ResolvedConfig, host: Host): Promise<string> {
  if (id === fetchedSource.id) return (await isSourceKnown(config)) ? 'keep' : 'fetch';
  if (id !== packages.id) return 'start';
  const missing = missingPackages(config, host);
  return missing.length === 0 ? 'keep' : `install ${missing.join(' ')}`;
}

try {
  const [name = '', ...words] = process.argv.slice(2);
  const command = new Map(Object.entries(COMMANDS)).get(name);
  if (!command) throw new Error(`no command ${JSON.stringify(name)}; one of ${Object.keys(COMMANDS).join(', ')}`);
  readArguments({ args: words, options: {} });
  await command();
} catch (error) {
  console.error(messageOf(error));
  process.exitCode = 1;
}
