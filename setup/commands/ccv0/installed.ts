import { policyPath } from '../../../fixtures/images/policies.ts';
import { run } from '../../../helpers/process/exec.ts';
import { installationOf } from '../../installation/installation.ts';
import { type InstalledKata, installedRuntime, kataConfiguration } from '../../installation/kata-configuration.ts';
import { hypervisorOf, readBundle, runtimeOf } from '../../steps/kata/kata-bundle.ts';
import { guestPullOf } from '../../steps/kata/kata-installation.ts';
import type { Build } from './build.ts';

/** Configures the installed Kata and prints the changes. */
export async function configure({ config }: Build): Promise<void> {
  const parameters = [`agent.container_policy_file=${policyPath('quay_policy.json')}`, 'agent.log=debug'];
  const installed = await installedKata(config);
  let changed = false;
  for (const [path, text] of await kataConfiguration(parameters, installed)) {
    const { stdout } = await run(['diff', '--unified', '--new-file', path, '-'], { input: text, okCodes: [0, 1] });
    if (stdout === '') continue;
    changed = true;
    console.log(stdout.trimEnd());
    await installationOf(config).write(path, text, 0o640);
  }
  if (!changed) console.log('already configured');
}

/** The properties of the Kata that is installed here: built with these settings, or of a bundle, whose settings are not known here. */
export async function installedKata({
  bundle,
  cdh,
  hypervisor,
  pull = 'force',
  qemu,
  runtime,
}: Pick<Build['config'], 'bundle' | 'cdh' | 'hypervisor' | 'qemu' | 'runtime'> &
  Partial<Pick<Build['config'], 'pull'>>): Promise<InstalledKata> {
  if (bundle === undefined) {
    const installed = runtime === 'auto' ? await installedRuntime() : runtime;
    return {
      runtime: installed,
      hypervisor,
      builtQemu: qemu === 'source',
      guestPull: cdh === undefined ? undefined : pull,
      verity: undefined,
    };
  }
  const described = await readBundle(bundle);
  return {
    runtime: runtimeOf(described),
    hypervisor: hypervisorOf(described),
    builtQemu: described.qemu !== undefined,
    guestPull: guestPullOf(described, { pull }),
    verity: described.verity,
  };
}

/** Undoes the installation of Kata and restores the original files. */
export async function undo({ config }: Build): Promise<void> {
  const paths = await installationOf(config).undo();
  console.log(paths.length === 0 ? 'nothing to undo' : paths.map((path) => `undone: ${path}`).join('\n'));
}
