import fc, { type IAsyncProperty, type IProperty } from 'fast-check';
import { HarnessError } from '../errors.ts';
import { TtrpcConnection } from '../ttrpc/connection.ts';
import { decodeRequest, decodeResponse, encodeRequest, type Request } from '../ttrpc/envelope.ts';
import { encodeHeader, type Frame, FrameDecoder, MESSAGE_RESPONSE } from '../ttrpc/frame.ts';
import { serveTtrpc } from '../ttrpc/server.ts';
import { parseAddress } from '../vsock/address.ts';
import { connectPort } from '../vsock/hybrid.ts';
import { memoryPipe } from '../vsock/memory-pipe.ts';

/** A property that holds for any input from a peer, and its number of runs in `pnpm check`. */
export interface Property {
  readonly name: string;
  readonly runs: number;
  readonly property: IProperty<unknown> | IAsyncProperty<unknown>;
}

const u32 = fc.integer({ min: 0, max: 0xff_ff_ff_ff });
const u8 = fc.integer({ min: 0, max: 255 });
const bytes = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ maxLength });
const frame = fc.record({ streamId: u32, type: u8, flags: u8, payload: bytes(64) });
type Sent = typeof frame extends fc.Arbitrary<infer Value> ? Value : never;

/** Deadline of the tested RPC calls, and the tolerated delay on a busy machine, in milliseconds. */
const [DEADLINE, GRACE] = [10, 1_000];
const STATUSES = ['deadline_exceeded', 'protocol', 'unavailable', 'resource_exhausted'];

/** All properties of the fuzz tests. `pnpm check` runs each a bounded number of times, `pnpm kata fuzz` for a given time. */
export const PROPERTIES: readonly Property[] = [
  define(
    'FrameDecoder returns the encoded frames wherever the stream is split',
    2_000,
    fc.property(
      fc.array(frame, { minLength: 50, maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      (frames, cuts) => {
        const stream = encode(frames);
        const places = [0, ...cuts.map((cut) => cut % (stream.length + 1)), stream.length].sort((a, b) => a - b);
        const decoder = new FrameDecoder();
        const decoded = places.slice(1).flatMap((end, index) => decoder.push(stream.subarray(places[index], end)));
        same(decoder.pending, 0);
        same(
          decoded.map(plain),
          frames.map((sent) => plain({ ...sent, length: sent.payload.length })),
        );
      },
    ),
  ),
  define(
    'FrameDecoder never fails on arbitrary bytes, and its pending count is never negative',
    3_000,
    fc.property(fc.array(bytes(200), { maxLength: 20 }), (chunks) => {
      const decoder = new FrameDecoder();
      for (const chunk of chunks) decoder.push(Buffer.from(chunk));
      if (decoder.pending < 0) throw new Error(`${decoder.pending} bytes pending`);
    }),
  ),
  define(
    'decodeRequest returns the request that encodeRequest encoded',
    1_000,
    fc.property(
      fc.record({
        service: fc.string(),
        method: fc.string(),
        payload: bytes(100),
        timeoutNano: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }),
        metadata: fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 4 }),
      }),
      (request) => {
        const decoded = decodeRequest(Buffer.concat(encodeRequest(request)));
        const view = (of: Request): object => ({ ...of, payload: [...of.payload] });
        same(view(decoded), view(request));
      },
    ),
  ),
  define(
    'decodeRequest and decodeResponse throw nothing but harness errors on arbitrary bytes',
    2_000,
    fc.property(bytes(200), (any) => {
      for (const decode of [decodeRequest, decodeResponse]) onlyHarnessErrors(() => decode(any));
    }),
  ),
  define(
    'a ttrpc call ends by its deadline whatever the peer sends',
    200,
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          bytes(100),
          frame.map((sent) => encode([sent])),
          frame.map(answer),
        ),
        { maxLength: 5 },
      ),
      async (chunks) => {
        const [near, far] = memoryPipe();
        await using connection = new TtrpcConnection(near);
        far.once('data', () => {
          for (const chunk of chunks) far.write(Buffer.from(chunk));
        });
        const begun = performance.now();
        try {
          await connection.call('s', 'm', Buffer.from('x'), { timeoutMs: DEADLINE });
        } catch (error) {
          const { code, status } = error as { code?: string; status?: number };
          // The peer may answer with any RPC status.
          if (status === undefined && !STATUSES.includes(code ?? '')) throw error;
        }
        const took = performance.now() - begun;
        if (took > DEADLINE + GRACE) throw new Error(`the call took ${took} ms`);
        same(connection.inFlight, 0);
      },
    ),
  ),
  define(
    'a ttrpc server survives arbitrary bytes from a client',
    500,
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          bytes(300),
          frame.map((sent) => encode([sent])),
        ),
        { maxLength: 5 },
      ),
      async (chunks) => {
        const [near, far] = memoryPipe();
        await using _server = serveTtrpc(near, async ({ payload }) => payload);
        far.resume();
        for (const chunk of chunks) far.write(Buffer.from(chunk));
        await new Promise(setImmediate);
      },
    ),
  ),
  define(
    'a hybrid vsock connection is accepted or rejected at once whatever the peer answers',
    500,
    fc.asyncProperty(
      fc.oneof(
        bytes(100),
        fc.string().map(Buffer.from),
        u32.map((port) => Buffer.from(`OK ${port}\n`)),
      ),
      async (said) => {
        const [near, far] = memoryPipe();
        far.once('data', () => far.end(Buffer.from(said)));
        const begun = performance.now();
        await onlyHarnessErrorsOf(connectPort(near, 1_024, AbortSignal.timeout(GRACE)));
        if (performance.now() - begun > GRACE) throw new Error(`connectPort took more than ${GRACE} ms`);
        near.destroy();
      },
    ),
  ),
  define(
    'parseAddress throws nothing but harness errors on arbitrary text',
    2_000,
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((path) => `unix:///${path}`),
        fc.string().map((rest) => `hvsock://${rest}`),
      ),
      (text) => onlyHarnessErrors(() => parseAddress(text)),
    ),
  ),
];

function define<T>(name: string, runs: number, property: IProperty<T> | IAsyncProperty<T>): Property {
  return { name, runs, property: property as Property['property'] };
}

function encode(frames: readonly Sent[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ flags, payload, streamId, type }) => [
      encodeHeader(payload.length, streamId, type, flags),
      payload,
    ]),
  );
}

/** Encodes a ttrpc frame as a response to the first call of a connection. */
function answer(sent: Sent): Buffer {
  return encode([{ ...sent, streamId: 1, type: MESSAGE_RESPONSE }]);
}

function plain({
  flags,
  length,
  payload = Buffer.alloc(0),
  streamId,
  type,
}: Omit<Frame, 'payload'> & { payload: Uint8Array | undefined }): unknown[] {
  return [streamId, type, flags, length, Buffer.from(payload).toString('hex')];
}

function same(got: unknown, wanted: unknown): void {
  const [a, b] = [got, wanted].map((value) => JSON.stringify(value));
  if (a !== b) throw new Error(`got ${a}, expected ${b}`);
}

function onlyHarnessErrors(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
  }
}

async function onlyHarnessErrorsOf(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
  }
}
