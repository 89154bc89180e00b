/** QEMU's accelerator: KVM, or TCG (software emulation). */
export type Accelerator = 'kvm' | 'tcg';

/**
 * The backend of a guest's vsock device: the kernel (`/dev/vhost-vsock`, addressed by CID), or a vhost-device-vsock that
 * listens on a unix socket (addressed as hybrid vsock).
 */
export type VsockDevice =
  | { readonly kind: 'vhost-vsock'; readonly cid: number }
  | { readonly kind: 'vhost-user'; readonly socket: string };

/** Backing of the guest's memory. A vhost-user device needs shared memory; a template needs a file. */
export type GuestMemory =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'shared' }
  | { readonly kind: 'file'; readonly path: string };

/** Forwards an address in the guest's network to a unix socket of this machine. */
export interface GuestForward {
  /** Address in the guest's network, `10.0.2.x:PORT`. */
  readonly guestAddress: string;
  readonly socket: string;
}

/** Room of a VM for devices that are plugged in while it runs. */
export interface HotPlug {
  /** Number of empty PCIe ports, each for one disk or network interface. */
  readonly ports: number;
  /** Number of CPUs that can be added. */
  readonly cpus: number;
  /** MiB that can be added, in one DIMM. */
  readonly memoryMib: number;
}

/** Complete configuration of a VM: the only input of {@link qemuArguments}. */
export interface VmConfig {
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  readonly memory: GuestMemory;
  readonly cpus: number;
  /** Absolute path of the guest's kernel: a bzImage, or an ELF kernel with a PVH entry. */
  readonly kernel: string;
  readonly initrd?: string;
  readonly commandLine: string;
  /** Read-only raw disk images of the guest; the first is /dev/vda. */
  readonly disks: readonly string[];
  /** The guest's vsock device; if absent, {@link VSOCK_SLOT} stays free for a hot-plugged device. */
  readonly vsock?: VsockDevice;
  /** The only addresses that the guest's network reaches; if absent, the guest has no network device. */
  readonly forwards?: readonly GuestForward[];
  /** Log file of socat for errors of the forwards' connections; appended to. */
  readonly forwardLog: string;
  readonly sockets: {
    /** Unix socket of the guest's serial console. */
    readonly console: string;
    readonly qmp: string;
  };
  /** Log file of the guest's serial console; QEMU appends to it. */
  readonly consoleLog: string;
  /** Room for hot-plugged devices; absent for a VM without. */
  readonly hotPlug?: HotPlug;
  /** Set for a VM that waits for the state of a VM template instead of booting. */
  readonly incoming?: true;
}

/** PCIe port for a vsock device that is hot-plugged later; QEMU rejects migration while a vhost-user device is present. */
export const VSOCK_SLOT = 'vsock-slot';

/** Id of QEMU's vsock device, and of its character device. */
export const VSOCK_ID = 'vsock';
