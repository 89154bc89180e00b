import { join } from 'node:path';
import { bootParameters, SIGN_OF_LIFE } from '../../../fixtures/guest/vm-boot.ts';
import type { GuestMachine, Target } from '../../../helpers/contract/target.ts';
import { HarnessError } from '../../../helpers/errors.ts';
import { fileConsole } from '../../../helpers/guest-console/console.ts';
import { launchMachine } from '../../../helpers/qemu/machine.ts';
import type { Row } from './benchmark.ts';
import { seconds } from './measure.ts';

const TIMEOUT_MS = 60_000;

/**
 * Milliseconds from the start of QEMU to the first output of init, in a VM without disks or network whose init is a few
 * lines of shell. It measures the speed of this machine's software emulation, which varies by half from one hour to the
 * next.
 */
export async function bootKernelAlone(
  { accelerator, cgroup, initrd, kernel }: GuestMachine,
  directory: string,
  signal: AbortSignal,
): Promise<number> {
  const dir = join(directory, 'alone');
  await using machine = await launchMachine({
    dir,
    accelerator,
    kernel: kernel.image,
    initrd,
    commandLine: bootParameters({ accelerator, cgroup }, { layers: 0 }),
    memoryMib: 512,
    cpus: 1,
    disks: [],
    signal,
  });
  await fileConsole(machine.consoleLog).waitFor(SIGN_OF_LIFE, 0, { timeoutMs: TIMEOUT_MS, signal });
  return performance.now() - machine.startedAt;
}

/** The guest machine of target `vm`. */
export function machineOf({ machine }: Target): GuestMachine {
  if (machine === undefined) throw new HarnessError('bench', 'target vm has no guest machine');
  return machine;
}

/**
 * A row that compares a time with a boot of the kernel alone; under software emulation, the time must not exceed `most`
 * such boots.
 */
export function inBoots(
  { accelerator }: GuestMachine,
  {
    alone,
    most,
    took,
    what,
  }: { readonly what: string; readonly took: number; readonly alone: number; readonly most: number },
): Row {
  const ratio = took / alone;
  const wanted = { bound: `<= ${most} boots`, kept: ratio <= most };
  const beside = `kernel alone ${seconds(alone)}`;
  return { what, figure: seconds(took), beside, ratio, ...(accelerator === 'tcg' ? { wanted } : {}) };
}
