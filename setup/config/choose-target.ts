import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetName } from '../../helpers/contract/target.ts';
import { readIfThere } from '../../helpers/files.ts';
import { diagnose, obstacles } from '../host/doctor.ts';
import type { Host } from '../host/probe.ts';
import type { Config, TargetedConfig } from './config.ts';

/** What is tested, and where the user left it to us, why that. */
export interface TargetChoice {
  readonly target: TargetName;
  readonly whyTarget?: string;
}

/**
 * Decides `KATA_TARGET=auto`: what was last set up on this machine; else virtual machines where QEMU is, or can be
 * installed; else namespaces.
 */
export async function chooseTarget(config: Config, host: Host): Promise<TargetChoice> {
  const { target } = config;
  if (target !== 'auto') return { target };
  const last = await lastTarget(config);
  const against = (name: TargetName): string | undefined => obstacles(diagnose({ ...config, target: name }, host))[0];
  if (last !== undefined && against(last) === undefined) {
    return { target: last, whyTarget: 'it is what was last set up here' };
  }
  const problem = against('vm');
  if (problem !== undefined) return { target: 'local', whyTarget: `not vm: ${problem}` };
  const qemu = host.tools['qemu-system-x86_64'] === undefined ? 'can be installed' : 'is installed';
  return { target: 'vm', whyTarget: `QEMU ${qemu}` };
}

/** Remembers what was set up, for the next run that does not say what it wants; `local` sets up nothing that stays. */
export async function rememberTarget({ cacheDir, target }: Pick<TargetedConfig, 'cacheDir' | 'target'>): Promise<void> {
  if (target === 'local') return;
  await mkdir(cacheDir, { recursive: true });
  await writeFile(record(cacheDir), `${target}\n`);
}

async function lastTarget({ cacheDir }: Pick<Config, 'cacheDir'>): Promise<TargetName | undefined> {
  const text = await readIfThere(record(cacheDir));
  return (['vm', 'kata'] as const).find((name) => name === text?.trim());
}

function record(cacheDir: string): string {
  return join(cacheDir, 'last-target');
}
