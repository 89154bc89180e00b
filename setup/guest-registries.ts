import type { GuestRegistries } from '../fixtures/guest-etc.ts';
import type { TargetedConfig } from './config.ts';

/**
 * What a guest sees; constant, so that what is baked into one stays good from run to run. In a namespace the registries
 * are on loopback; in a virtual machine they are hosts of a network that has no others.
 */
export function guestRegistries({ target }: Pick<TargetedConfig, 'target'>): GuestRegistries {
  const host = target === 'vm' ? '10.0.2.100' : '127.0.0.1';
  return { registry: `${host}:5000`, passwordRegistry: `${host}:5001` };
}
