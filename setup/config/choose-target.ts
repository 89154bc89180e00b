import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetName } from '../../helpers/contract/target.ts';
import { readIfThere } from '../../helpers/files.ts';
import { diagnose, obstacles } from '../host/doctor.ts';
import type { Host } from '../host/probe.ts';
import type { Config, TargetedConfig } from './validated.ts';

/** The target of a run, and why it was chosen, where the user left the choice to this project. */
export interface TargetChoice {
  readonly target: TargetName;
  readonly whyTarget?: string;
}

/**
 * Chooses the target for `KATA_TARGET=auto`: the one last set up on this machine; else `vm` if QEMU is or can be
 * installed; else `local`.
 */
export async function chooseTarget(config: Config, host: Host): Promise<TargetChoice> {
  const { target } = config;
  if (target !== 'auto') return { target };
  const last = await lastTarget(config);
  const against = (name: TargetName): string | undefined => obstacles(diagnose({ ...config, target: name }, host))[0];
  if (last !== undefined && against(last) === undefined) {
    return { target: last, whyTarget: 'it was the last target set up here' };
  }
  const problem = against('vm');
  if (problem !== undefined) return { target: 'local', whyTarget: `not vm: ${problem}` };
  const qemu = host.tools['qemu-system-x86_64'] === undefined ? 'can be installed' : 'is installed';
  return { target: 'vm', whyTarget: `QEMU ${qemu}` };
}

/**
 * Stores which target was set up, for the next run with `KATA_TARGET=auto`; `local` is not stored, because it sets up
 * nothing permanent.
 */
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
