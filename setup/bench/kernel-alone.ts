import { join } from 'node:path';
import { bootParameters, SIGN_OF_LIFE } from '../../fixtures/vm-boot.ts';
import { fileConsole } from '../../helpers/console.ts';
import { launchMachine } from '../../helpers/qemu/machine.ts';
import type { GuestMachine } from '../../helpers/target.ts';

const TIMEOUT_MS = 60_000;

/**
 * How long a machine without disks or network takes from QEMU's start to the first word of its first process, in
 * milliseconds. Nothing of ours is in it but a few lines of shell: with it the speed of a machine that emulates others is
 * measured, which differs by half from one hour to the next.
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
    commandLine: bootParameters({ accelerator, cgroup }, 0),
    memoryMib: 512,
    cpus: 1,
    disks: [],
    signal,
  });
  await fileConsole(machine.consoleLog).waitFor(SIGN_OF_LIFE, 0, { timeoutMs: TIMEOUT_MS, signal });
  return performance.now() - machine.startedAt;
}
