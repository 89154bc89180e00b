import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';

/** Forwards bytes both ways between two connections. If either fails, both are closed: each peer sees a peer that closes the connection. */
export function forwardBothWays(one: Socket, other: Socket): void {
  const close = (): void => {
    one.destroy();
    other.destroy();
  };
  pipeline(one, other).catch(close);
  pipeline(other, one).catch(close);
}
