/** Hypervisors in which Kata's shim can start the guests of a run. */
export const KATA_HYPERVISORS = ['qemu', 'clh'] as const;

export type KataHypervisor = (typeof KATA_HYPERVISORS)[number];

/** What of a hypervisor is different on its host. */
interface HypervisorOnHost {
  /** The hypervisor in words, for messages. */
  readonly name: string;
  /** Name of its program. */
  readonly program: RegExp;
  /** What an argument of its process contains for a sandbox, between `/`, `,` and `=`. */
  readonly argument: (sandboxId: string) => string;
}

/** The hypervisors on their host; the keys are those of their tables in Kata's configurations. Source: Kata's runtimes. */
export const HYPERVISOR_ON_HOST: Readonly<Record<KataHypervisor, HypervisorOnHost>> = {
  qemu: {
    name: 'QEMU',
    program: /^qemu-system-/,
    argument: (sandboxId) => `sandbox-${sandboxId}`,
  },
  // It is configured over a socket in the sandbox's directory, the only argument.
  clh: {
    name: 'Cloud Hypervisor',
    program: /^cloud-hypervisor$/,
    argument: (sandboxId) => sandboxId,
  },
};

/** File name of Cloud Hypervisor's program. */
export const CLH_PROGRAM = 'cloud-hypervisor';

/** Where Cloud Hypervisor is installed. Source: CLHPATH in the makefiles of Kata's runtimes, with the prefix of kata-deploy. */
export const CLH_FILE = '/opt/kata/bin/cloud-hypervisor';

/** The version of a Cloud Hypervisor, from its output for `--version`: `cloud-hypervisor v51.1.0`; `undefined` for the output of another program. */
export function parseClhVersion(output: string): string | undefined {
  return /^cloud-hypervisor v?(\S+)$/m.exec(output)?.[1];
}

/** Why Kata's guests of this project do not run in Dragonball, the hypervisor inside runtime-rs. */
export const NO_DRAGONBALL =
  'Dragonball is a part of runtime-rs, which this project builds without it (USE_BUILTIN_DB=false); whether it starts guests under nested emulated KVM was not tried; set qemu or clh';
