import { readFile } from 'node:fs/promises';
import { fileConsole } from '../console.ts';
import { messageOf } from '../errors.ts';
import { launchMachine, type MachineOptions } from './machine.ts';

/** Whether guests run on the processor, or why not. */
export type KvmVerdict = true | string;

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Boots a guest with KVM and waits for its first sign of life. A `/dev/kvm` that can be written to says little: there are
 * hosts where it runs only kernels made for them, and a stock one aborts QEMU or stands still.
 */
export async function probeKvm(
  machine: Omit<MachineOptions, 'accelerator'>,
  signOfLife: RegExp,
  signal?: AbortSignal,
): Promise<KvmVerdict> {
  if (!/^flags\s.*\b(vmx|svm)\b/m.test(await readFile('/proc/cpuinfo', 'utf8'))) {
    return 'the processor offers no hardware virtualisation here';
  }
  try {
    await using probe = await launchMachine({ ...machine, accelerator: 'kvm', signal });
    await fileConsole(probe.consoleLog).waitFor(signOfLife, 0, { timeoutMs: PROBE_TIMEOUT_MS, signal });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    return `a guest does not boot with it: ${messageOf(error).split('\n')[0]}`;
  }
}
