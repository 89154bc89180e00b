import type { GuestRegistries } from '../../fixtures/images/guest-etc.ts';
import type { TargetedConfig } from '../config/validated.ts';

/**
 * Addresses of the registries in a guest. They are constant, because guest images contain them. In a namespace the
 * registries are on loopback; in a VM they are the only hosts of its network.
 */
export function guestRegistries({ target }: Pick<TargetedConfig, 'target'>): GuestRegistries {
  const host = target === 'vm' ? '10.0.2.100' : '127.0.0.1';
  return { registry: `${host}:5000`, passwordRegistry: `${host}:5001` };
}
