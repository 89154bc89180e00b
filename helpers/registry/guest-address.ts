import type { RegistryEndpoint } from '../contract/target.ts';
import type { Forward } from '../namespace/script.ts';

/** Host and port by which a guest addresses a registry. */
export function guestAddressOf({ guestAddress }: Pick<RegistryEndpoint, 'guestAddress'>): {
  readonly host: string;
  readonly port: number;
} {
  const colon = guestAddress.lastIndexOf(':');
  return { host: guestAddress.slice(0, colon), port: Number(guestAddress.slice(colon + 1)) };
}

/** The forward that makes the registry's guest address reachable on the loopback of a network namespace. */
export function loopbackForward(registry: RegistryEndpoint): Forward {
  return { port: guestAddressOf(registry).port, socket: registry.socket };
}
