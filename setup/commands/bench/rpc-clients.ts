import { RpcClient } from '../../../helpers/rpc/client.ts';
import { connectTtrpc } from '../../../helpers/ttrpc/connect.ts';
import type { Address } from '../../../helpers/vsock/address.ts';
import { ECHO, ECHO_SERVICES, echoMessage } from './echo-service.ts';
import { measure, type Series } from './measure.ts';

/** Load of one measurement of RPC calls. */
export interface Load {
  /** Length of the echoed bytes. */
  readonly bytes: number;
  /** Number of concurrent calls. */
  readonly inFlight: number;
  readonly durationMs: number;
}

const TIMEOUT_MS = 10_000;

/** Measures the client that specs use: a promise per call, with encoding and decoding, and a record of every call. */
export async function measureClient(address: Address, load: Load): Promise<Series> {
  let records = 0;
  await using client = new RpcClient(address, ECHO_SERVICES, {
    timeoutMs: TIMEOUT_MS,
    onCall: () => {
      records += 1;
    },
  });
  const value = Buffer.alloc(load.bytes, 'x');
  const name = `${ECHO.service}/${ECHO.method}`;
  const series = await measureWarm(() => client.call(name, { value }), load);
  if (records < series.calls) throw new Error(`${series.calls} calls left ${records} records`);
  return series;
}

/** Measures the ttrpc transport alone, with messages that are already encoded. */
export async function measureConnection(address: Address, load: Load): Promise<Series> {
  await using connection = await connectTtrpc(address);
  const message = echoMessage(load.bytes);
  const options = { timeoutMs: TIMEOUT_MS };
  return await measureWarm(() => connection.call(ECHO.service, ECHO.method, message, options), load);
}

/** Measures RPC calls after some that are not measured, which do the one-time work. The Go client does the same. */
export async function measureWarm(
  call: () => Promise<unknown>,
  { durationMs, inFlight }: Omit<Load, 'bytes'>,
): Promise<Series> {
  await measure(call, inFlight, durationMs / 4);
  return measure(call, inFlight, durationMs);
}
