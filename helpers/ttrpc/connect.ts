import type { Address } from '../vsock/address.ts';
import { type DialOptions, dial } from '../vsock/dial.ts';
import { TtrpcConnection } from './connection.ts';

/** Dials an address and opens a ttrpc connection; rejects as {@link dial} does. */
export async function connectTtrpc(target: Address | string, options: DialOptions = {}): Promise<TtrpcConnection> {
  return new TtrpcConnection(await dial(target, options));
}
