/** What executes the guest's instructions: the processor, or QEMU's own translator (software emulation). */
export type Accelerator = 'kvm' | 'tcg';

/**
 * How a guest gets its vsock device: from the kernel (`/dev/vhost-vsock`, addressed by CID), or from a
 * vhost-device-vsock that listens on a unix socket (addressed as hybrid vsock).
 */
export type VsockDevice =
  | { readonly kind: 'vhost-vsock'; readonly cid: number }
  | { readonly kind: 'vhost-user'; readonly socket: string };

/** Where the guest's memory is. A vhost-user device needs it shared; a template keeps it in a file. */
export type GuestMemory =
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'shared' }
  | { readonly kind: 'file'; readonly path: string };

/** An address in the guest's network that leads to a unix socket of this machine. */
export interface GuestForward {
  /** `10.0.2.x:PORT`, as the guest sees it. */
  readonly guestAddress: string;
  readonly socket: string;
}

/** A virtual machine, whole: {@link qemuArguments} makes a command line of it and nothing else goes in. */
export interface VmConfig {
  readonly accelerator: Accelerator;
  readonly memoryMib: number;
  readonly memory: GuestMemory;
  readonly cpus: number;
  /** Absolute path of a bzImage or of an ELF kernel with a PVH entry. */
  readonly kernel: string;
  readonly initrd?: string;
  readonly commandLine: string;
  /** Read-only raw images, /dev/vda first. */
  readonly disks: readonly string[];
  /** Absent: the slot for one stays free, see {@link VSOCK_SLOT}. */
  readonly vsock?: VsockDevice;
  /** The only places the guest reaches; it has no other way out. Absent: no network device. */
  readonly forwards?: readonly GuestForward[];
  /** What goes wrong with their connections, appended. */
  readonly forwardLog: string;
  readonly sockets: {
    /** Serial console, as a socket. */
    readonly console: string;
    readonly qmp: string;
  };
  /** All that the console said, appended. */
  readonly consoleLog: string;
  /** Waits for a saved state instead of booting. */
  readonly incoming?: true;
}

/** PCIe port for a vsock device that is plugged in later; migration is refused while a vhost-user device is there. */
export const VSOCK_SLOT = 'vsock-slot';

/** Id of the vsock device, and of its character device. */
export const VSOCK_ID = 'vsock';
