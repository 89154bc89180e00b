import { policyPath } from '../../fixtures/policies.ts';
import { run } from '../../helpers/exec.ts';
import { KATA_CONFIGURATION } from '../../helpers/kata/names.ts';
import { installationOf } from '../installation/installation.ts';
import { configured } from '../steps/kata-installation.ts';
import type { Build } from './build.ts';

/** Configures what is installed, and shows what that changed. */
export async function configure({ config }: Build): Promise<void> {
  const parameters = [`agent.container_policy_file=${policyPath('quay_policy.json')}`, 'agent.log=debug'];
  const text = await configured(parameters, {
    builtQemu: config.qemu === 'source',
    guestPull: config.dataHub !== undefined,
  });
  const diff = ['diff', '--unified', '--new-file', KATA_CONFIGURATION, '-'];
  const { stdout } = await run(diff, { input: text, okCodes: [0, 1] });
  console.log(stdout === '' ? 'already configured' : stdout.trimEnd());
  if (stdout !== '') await installationOf(config).write(KATA_CONFIGURATION, text, 0o640);
}

/** Brings back what was there before anything was installed. */
export async function undo({ config }: Build): Promise<void> {
  const paths = await installationOf(config).undo();
  console.log(paths.length === 0 ? 'nothing to undo' : paths.map((path) => `undone: ${path}`).join('\n'));
}
