import type { Forward } from '../namespace-script.ts';
import type { RegistryEndpoint } from '../target.ts';

/** By which host and port a guest knows a registry. */
export function guestAddressOf({ guestAddress }: Pick<RegistryEndpoint, 'guestAddress'>): {
  readonly host: string;
  readonly port: number;
} {
  const colon = guestAddress.lastIndexOf(':');
  return { host: guestAddress.slice(0, colon), port: Number(guestAddress.slice(colon + 1)) };
}

/** A registry on the loopback of a namespace, at the port it is known by there. */
export function loopbackForward(registry: RegistryEndpoint): Forward {
  return { port: guestAddressOf(registry).port, socket: registry.socket };
}
