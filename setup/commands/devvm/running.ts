import { join } from 'node:path';
import { HarnessError } from '../../../helpers/errors.ts';
import { fileExists, readIfThere } from '../../../helpers/files.ts';
import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/validated.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { type Build, openSession } from '../../session/open-session.ts';
import type { Step } from '../../step.ts';
import { describeSystem } from './debian.ts';
import { devVmImage } from './image.ts';
import { type DevVm, findDevVm, hardwareHere, needsXsave, startDevVm, untilAnswers } from './machine.ts';

/** The running dev VM, which is started if necessary, with `changes` of the user's settings. */
export async function runningDevVm(changes: Partial<Pick<Config, 'devvmDebian'>> = {}): Promise<DevVm> {
  const config = loadConfig();
  const running = await findDevVm();
  if (running) {
    rejectOther(running, config);
    if (!running.answered) console.log('the dev VM is starting; waiting until it responds');
    return untilAnswers(running);
  }
  const image = await buildHere(devVmImage, { unresolved: true }, changes);
  const accelerator = await nestedAccelerator();
  const how = accelerator === 'kvm' ? 'nested KVM' : 'software emulation: this machine has no nested KVM';
  console.log(`starting the dev VM (${how}): ${describeSystem(image.system)}`);
  const done = stopwatch();
  const hardware = hardwareHere(image, accelerator, config);
  const vm = await startDevVm({ hardware, disk: diskOf(config), cacheDir: config.cacheDir });
  console.log(`the dev VM responded after ${done()}`);
  return vm;
}

/** Throws if a running dev VM is not of the Debian that the user has set, or its processor does not suit the hypervisor. */
export function rejectOther(
  { hardware }: Pick<DevVm, 'hardware'>,
  { devvmDebian: wanted, hypervisor }: Pick<Config, 'devvmDebian' | 'hypervisor'>,
): void {
  if (needsXsave({ ...hardware, hypervisor }) && hardware.xsave !== true) {
    throw new HarnessError(
      'devvm',
      `KATA_HYPERVISOR=${hypervisor}: the emulated processor of the dev VM that runs has no XSAVE, without which Cloud Hypervisor starts no guest; run \`pnpm devvm down\` first`,
    );
  }
  if (wanted === 'auto' || hardware.debian === wanted) return;
  const remedy = 'run `pnpm devvm down --discard` first, which also deletes its disk and its snapshots';
  throw new HarnessError(
    'devvm',
    `KATA_DEVVM_DEBIAN=${wanted}: the dev VM that runs is of Debian ${hardware.debian}; ${remedy}`,
  );
}

/** Builds an artefact and returns what it is. */
export async function buildHere<Out>(
  wanted: Step<Out>,
  options: Omit<Build, 'steps'> = {},
  changes: Partial<Config> = {},
): Promise<Out> {
  await using session = await openSession({
    changes: { target: 'kata', ...changes },
    build: { ...options, steps: [wanted] },
    signal: takeOverSignals(() => {}),
  });
  return session.result(wanted);
}

/** The accelerator of the dev VM: KVM only with nested virtualisation, which Kata needs inside the dev VM. */
async function nestedAccelerator(): Promise<'kvm' | 'tcg'> {
  const modules = ['kvm_intel', 'kvm_amd'].map((module) => `/sys/module/${module}/parameters/nested`);
  const answers = await Promise.all(modules.map(async (file) => (await readIfThere(file)) ?? 'N'));
  return answers.some((answer) => /^[Y1]/.test(answer)) && (await fileExists('/dev/kvm')) ? 'kvm' : 'tcg';
}

/** Path of the dev VM's disk. */
export function diskOf({ cacheDir }: Pick<Config, 'cacheDir'>): string {
  return join(cacheDir, 'devvm-disk', 'disk.qcow2');
}

/** Starts measuring; the returned function returns the time since then, in seconds. */
export function stopwatch(): () => string {
  const begun = performance.now();
  return () => `${((performance.now() - begun) / 1_000).toFixed(1)} s`;
}
