import { HarnessError } from '../errors.ts';
import type { Qmp } from './qmp.ts';

/**
 * The host's TCP port that QEMU's user network forwards to a guest port. With `hostfwd=tcp:ADDRESS:0-:PORT` QEMU binds a free
 * port when it starts, so no other process can take it in between.
 */
export async function forwardedPort(qmp: Qmp, guestPort: number): Promise<number> {
  // `info usernet` is a command of the human monitor; QMP has none for forwarded ports.
  const told = await qmp.execute<string>('human-monitor-command', { 'command-line': 'info usernet' });
  const port = parseUserNetwork(told, guestPort);
  if (port !== undefined) return port;
  throw new HarnessError('qemu', `QEMU forwards no host port to guest port ${guestPort}; info usernet:\n${told}`);
}

/**
 * Finds a forwarded port in the output of `info usernet`: state, descriptor, host address and port, guest address and port.
 * Source: slirp_connection_info() of libslirp.
 */
export function parseUserNetwork(text: string, guestPort: number): number | undefined {
  const forwardings = text.matchAll(/^\s*TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)\s/gm);
  const found = [...forwardings].find(([, , to]) => Number(to) === guestPort);
  return found === undefined ? undefined : Number(found[1]);
}
