import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bootParameters, SIGN_OF_LIFE } from '../../../fixtures/guest/vm-boot.ts';
import type { GuestMachine } from '../../../helpers/contract/target.ts';
import { ProvisionError } from '../../../helpers/errors.ts';
import { probeKvm } from '../../../helpers/qemu/accelerator.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { kernel } from '../kernel/kernel.ts';
import { initrd } from '../vm/initrd.ts';

const RECORD = 'acceleration.json';

type Acceleration = Pick<GuestMachine, 'accelerator' | 'acceleration'>;

/**
 * Step that chooses the accelerator of guests, KVM or software emulation; it boots one guest with KVM to find out
 * whether KVM works.
 */
export const acceleration: ArtefactStep<Acceleration> = {
  kind: 'artefact',
  id: 'acceleration',
  module: import.meta.url,
  title: 'VM acceleration',
  needs: () => [kernel, initrd],
  timeoutMs: 60_000,
  inputs: ({ accelerator }, { features, processor, tools }) => ({
    files: { QEMU: tools['qemu-system-x86_64'] },
    values: { wanted: accelerator, '/dev/kvm': String(features.kvm), processor },
  }),
  async make(directory, context) {
    await writeFile(join(directory, RECORD), JSON.stringify(await choose(directory, context)));
  },
  read: async (directory) => JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as Acceleration,
};

async function choose(directory: string, { config, host, result, say, signal }: StepContext): Promise<Acceleration> {
  const { accelerator: wanted } = config;
  if (wanted === 'tcg') return { accelerator: 'tcg', acceleration: 'software emulation, set by KATA_ACCEL' };
  if (!host.features.kvm) return { accelerator: 'tcg', acceleration: 'software emulation: /dev/kvm does not exist' };
  say('booting a probe guest with KVM');
  const dir = join(directory, 'probe');
  await mkdir(dir);
  const verdict = await probeKvm(
    {
      dir,
      kernel: result(kernel).image,
      initrd: result(initrd),
      commandLine: bootParameters({ accelerator: 'kvm', cgroup: 2 }, { layers: 0 }),
      memoryMib: 256,
      cpus: 1,
      disks: [],
    },
    SIGN_OF_LIFE,
    signal,
  );
  await rm(dir, { recursive: true, force: true });
  if (verdict === true) return { accelerator: 'kvm', acceleration: 'KVM' };
  if (wanted === 'kvm') throw new ProvisionError('kvm', `KATA_ACCEL=kvm: ${verdict}; leave it unset`);
  return { accelerator: 'tcg', acceleration: `software emulation, not KVM: ${verdict}` };
}
