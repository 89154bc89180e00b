import { HarnessError } from '../errors.ts';
import type { Qmp } from './qmp.ts';

/**
 * The TCP port of this machine that QEMU's user network forwards to a guest's port. With `hostfwd=tcp:ADDRESS:0-:PORT` QEMU
 * takes a free one as it starts, and so it is free for certain.
 */
export async function forwardedPort(qmp: Qmp, guestPort: number): Promise<number> {
  // There is no QMP command for it.
  const told = await qmp.execute<string>('human-monitor-command', { 'command-line': 'info usernet' });
  const port = parseUserNetwork(told, guestPort);
  if (port !== undefined) return port;
  throw new HarnessError('qemu', `QEMU forwards no port to port ${guestPort} of its guest:\n${told}`);
}

/**
 * Reads what `info usernet` prints of a forwarding: state, descriptor, address and port here, address and port there.
 * Source: slirp_connection_info() of libslirp.
 */
export function parseUserNetwork(text: string, guestPort: number): number | undefined {
  const forwardings = text.matchAll(/^\s*TCP\[HOST_FORWARD\]\s+\d+\s+\S+\s+(\d+)\s+\S+\s+(\d+)\s/gm);
  const found = [...forwardings].find(([, , to]) => Number(to) === guestPort);
  return found === undefined ? undefined : Number(found[1]);
}
