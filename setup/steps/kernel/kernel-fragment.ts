import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KERNEL_PACKAGING } from '../../../helpers/kata/kernel-scripts.ts';
import { projectPath } from '../../project.ts';

const VM_FRAGMENT = projectPath('setup/guest/kernel-source.config');

/**
 * Adds the options that guests of target `vm` need to upstream's kernel configuration. Returns the change, for
 * messages.
 */
export async function addTargetVmOptions(checkout: string): Promise<string> {
  await copyFile(VM_FRAGMENT, join(checkout, KERNEL_PACKAGING, 'configs/fragments/x86_64/kata-cc-suite.conf'));
  const options = (await readFile(VM_FRAGMENT, 'utf8')).match(/^CONFIG_.*$/gm) ?? [];
  return `with ${options.join(', ')} for target vm`;
}
