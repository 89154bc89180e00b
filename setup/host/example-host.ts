import { PRIVILEGES, type Privilege } from './privileges.ts';
import type { Host } from './probe.ts';

/** A suitable machine with no packages installed, for tests of decisions that depend on the machine. */
export function exampleHost(changes: Partial<Host> = {}): Host {
  return {
    platform: 'linux',
    root: true,
    privileges: Object.keys(PRIVILEGES) as Privilege[],
    distribution: 'debian',
    codename: 'bookworm',
    nodeVersion: '24.22.3',
    cpus: 2,
    processor: 'a processor',
    memoryMib: 4_096,
    cacheFreeMib: 10_000,
    tools: {},
    libraries: [],
    features: {
      overlay: true,
      cgroups: true,
      'pid-namespaces': true,
      'network-namespaces': true,
      'cgroup-namespaces': true,
      kvm: false,
      vsock: false,
      'vhost-vsock': false,
    },

    ...changes,
  };
}
