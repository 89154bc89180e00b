import { readFile } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { fileConsole } from '../guest-console/console.ts';
import { launchMachine, type MachineOptions } from './machine.ts';

/** Whether guests boot with KVM: `true`, or the reason why not. */
export type KvmVerdict = true | string;

const PROBE_TIMEOUT_MS = 5_000;

/**
 * Boots a guest with KVM and waits for its first sign of life. A writable `/dev/kvm` is not enough: some hosts run only
 * kernels built for them, and a stock kernel aborts QEMU or hangs.
 */
export async function probeKvm(
  machine: Omit<MachineOptions, 'accelerator'>,
  signOfLife: RegExp,
  signal?: AbortSignal,
): Promise<KvmVerdict> {
  if (!/^flags\s.*\b(vmx|svm)\b/m.test(await readFile('/proc/cpuinfo', 'utf8'))) {
    return 'the processor has no hardware virtualisation here (neither vmx nor svm in /proc/cpuinfo)';
  }
  try {
    await using probe = await launchMachine({ ...machine, accelerator: 'kvm', signal });
    await fileConsole(probe.consoleLog).waitFor(signOfLife, 0, { timeoutMs: PROBE_TIMEOUT_MS, signal });
    return true;
  } catch (error) {
    signal?.throwIfAborted();
    return `a guest does not boot with KVM: ${messageOf(error).split('\n')[0]}`;
  }
}
