import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openGuestShell } from '../debug-console/shell.ts';
import { encodeResponse } from '../ttrpc/envelope.ts';
import { encodeHeader, MAX_PAYLOAD } from '../ttrpc/frame.ts';
import { RpcClient } from './client.ts';

/** Deadline of an RPC call, and its tolerance on a busy host, in milliseconds. */
const [DEADLINE, GRACE] = [300, 2_000];
/** Maximum memory that a malformed peer may make this process use. */
const BOUND = 64 * 2 ** 20;

const SERVICES = new Map([['t.S', service()]]);

function service(): ServiceDefinition {
  const S = { methods: { M: { requestType: 'Text', responseType: 'Text' } } };
  const Text = { fields: { text: { type: 'string', id: 1 } } };
  const schema = { nested: { t: { nested: { Text, S } } } } as Parameters<typeof fromJSON>[0];
  return fromJSON(schema)['t.S'] as ServiceDefinition;
}

function response(streamId: number, text: string): Buffer {
  const payload = Buffer.concat([Buffer.from([0x0a, text.length]), Buffer.from(text)]);
  const encoded = Buffer.concat(encodeResponse({ code: 0, message: '', payload }));
  return Buffer.concat([encodeHeader(encoded.length, streamId, 2), encoded]);
}

/** Writes as fast as the other side reads, until the connection closes. */
function flood(socket: Socket, chunk: Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on('drain', more);
  more();
}

let directory: string;
let stop: () => Promise<void>;
const path = (): string => join(directory, 'peer');

/** Starts a ttrpc peer that calls `behave` for each connection. */
async function peer(behave: (socket: Socket) => void): Promise<void> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => socket.destroy());
    behave(socket);
  });
  await once(server.listen(path()), 'listening');
  stop = async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
}

/** Starts a ttrpc peer that sends these bytes after the first request. */
const answering = (...said: readonly Buffer[]): Promise<void> =>
  peer((socket) => socket.once('data', () => socket.write(Buffer.concat(said))));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'kata-cc-peer-'));
  stop = async () => {};
});
afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

/** Outcome of an RPC call to the malformed peer; also checks that the call kept its deadline and the memory limit. */
async function call(address = `unix://${path()}`): Promise<{ code: string; details: string }> {
  const memory = memoryInUse();
  const begun = performance.now();
  await using client = new RpcClient(address, SERVICES, { timeoutMs: DEADLINE });
  const outcome = await client.call('M', { text: 'x' }).then(
    (answer) => ({ code: 'ok', details: (answer as { text: string }).text }),
    (error: { code: string; details: string }) => error,
  );
  expect(performance.now() - begun).toBeLessThan(DEADLINE + GRACE);
  expect(memoryInUse() - memory).toBeLessThan(BOUND);
  return outcome;
}

/**
 * Memory that the heap and buffers of this process hold after a garbage collection. Resident memory would include what
 * the allocator has not returned to the system, which this project cannot limit.
 */
function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

describe('malformed ttrpc peers', () => {
  test('control: a call to a ttrpc peer that answers correctly succeeds', async () => {
    await answering(response(1, 'mine'));
    expect(await call()).toMatchObject({ code: 'ok', details: 'mine' });
  });

  test('a ttrpc call fails with unavailable if the ttrpc peer closes within a frame', async () => {
    await peer((socket) =>
      socket.once('data', () => socket.end(Buffer.concat([encodeHeader(100, 1, 2), Buffer.alloc(10)]))),
    );
    const details = 'connection lost: the stream ended 90 bytes before the end of a frame';
    expect(await call()).toMatchObject({ code: 'unavailable', details });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer never completes a frame', async () => {
    await answering(encodeHeader(100, 1, 2), Buffer.alloc(10));
    expect(await call()).toMatchObject({
      code: 'deadline_exceeded',
      details: expect.stringMatching(/^no answer within \d+ ms$/),
    });
  });

  test('a ttrpc call fails with internal if the ttrpc peer announces a shorter frame than it sends', async () => {
    const whole = response(1, 'more than was announced');
    whole.writeUInt32BE(4, 0);
    await answering(whole);
    expect(await call()).toMatchObject({ code: 'internal', details: expect.stringContaining('not a ttrpc response') });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer announces a frame of 4 GiB and floods', async () => {
    await peer((socket) => {
      socket.once('data', () => socket.write(encodeHeader(0xff_ff_ff_ff, 1, 2)));
      socket.once('data', () => flood(socket, Buffer.alloc(65_536)));
    });
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a ttrpc call fails with resource_exhausted if the ttrpc peer sends a frame over the limit', async () => {
    await answering(encodeHeader(MAX_PAYLOAD + 1, 1, 2), Buffer.alloc(MAX_PAYLOAD + 1));
    expect(await call()).toMatchObject({
      code: 'resource_exhausted',
      details: expect.stringContaining('over the limit'),
    });
  });

  test('a ttrpc call ignores frames of even stream ids before the response', async () => {
    await answering(response(2, 'even'), response(0, 'zero'), response(1, 'mine'));
    expect(await call()).toMatchObject({ code: 'ok', details: 'mine' });
  });

  test('a ttrpc call returns the first of two responses', async () => {
    await answering(response(1, 'first'), response(1, 'second'));
    expect(await call()).toMatchObject({ code: 'ok', details: 'first' });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer never answers', async () => {
    await answering();
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer never reads', async () => {
    await peer((socket) => socket.pause());
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer answers another stream', async () => {
    await answering(response(3, 'not yours'));
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a ttrpc call fails with internal if the ttrpc peer sends an invalid response', async () => {
    await answering(encodeHeader(3, 1, 2), Buffer.from([0xff, 0xff, 0xff]));
    expect(await call()).toMatchObject({ code: 'internal', details: expect.stringContaining('not a ttrpc response') });
  });

  test('a ttrpc call fails with internal if the response of the ttrpc peer contains an invalid message', async () => {
    const encoded = Buffer.concat(encodeResponse({ code: 0, message: '', payload: Buffer.from([0x0a, 0xff]) }));
    await answering(encodeHeader(encoded.length, 1, 2), encoded);
    expect(await call()).toMatchObject({
      code: 'internal',
      details: expect.stringContaining('Response message parsing error'),
    });
  });

  test('a ttrpc call fails with internal if the ttrpc peer answers with a request', async () => {
    const whole = response(1, 'x');
    whole[8] = 1;
    await answering(whole);
    expect(await call()).toMatchObject({ code: 'internal', details: expect.stringContaining('message of type 1') });
  });

  test('a ttrpc call fails with unavailable if the ttrpc peer closes after a frame header', async () => {
    await peer((socket) => socket.once('data', () => socket.end(encodeHeader(20, 1, 2))));
    expect(await call()).toMatchObject({
      code: 'unavailable',
      details: expect.stringContaining('20 bytes before the end'),
    });
  });

  test('a ttrpc call fails with unavailable if the ttrpc peer closes at once', async () => {
    await peer((socket) => socket.destroy());
    expect(await call()).toMatchObject({ code: 'unavailable' });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer floods responses to unknown streams', async () => {
    const many = Buffer.concat(Array.from({ length: 1_000 }, () => response(99, 'to an unknown stream')));
    await peer((socket) => flood(socket, many));
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a ttrpc call fails at its deadline if the ttrpc peer floods large responses to unknown streams', async () => {
    await peer((socket) => flood(socket, Buffer.concat([encodeHeader(MAX_PAYLOAD, 99, 2), Buffer.alloc(MAX_PAYLOAD)])));
    expect(await call()).toMatchObject({ code: 'deadline_exceeded' });
  });
});

describe('malformed hybrid-vsock peers', () => {
  const hybrid = (): ReturnType<typeof call> => call(`hvsock://${path()}:1024`);

  test('control: a call through a hybrid-vsock peer that answers correctly succeeds', async () => {
    await peer((socket) => {
      socket.once('data', () => {
        socket.write('OK 1024\n');
        socket.once('data', () => socket.write(response(1, 'mine')));
      });
    });
    expect(await hybrid()).toMatchObject({ code: 'ok', details: 'mine' });
  });

  test('a call fails with unavailable if the hybrid-vsock peer does not answer OK', async () => {
    await answering(Buffer.from('NO SUCH PORT\n'));
    const details = `hvsock://${path()}:1024: asked for port 1024, answered "NO SUCH PORT" instead of "OK <port>"`;
    expect(await hybrid()).toMatchObject({ code: 'unavailable', details });
  });

  test('a call fails at its deadline if the hybrid-vsock peer does not answer', async () => {
    await answering();
    expect(await hybrid()).toMatchObject({
      code: 'deadline_exceeded',
      details: expect.stringMatching(/^no connection within \d+ ms$/),
    });
  });

  test('a call fails at its deadline if the hybrid-vsock peer answers later', async () => {
    await peer((socket) => socket.once('data', () => void setTimeout(() => socket.write('OK 1024\n'), DEADLINE + 100)));
    expect(await hybrid()).toMatchObject({ code: 'deadline_exceeded' });
  });

  test('a call fails with unavailable if the hybrid-vsock peer answers with an endless line', async () => {
    await peer((socket) => socket.once('data', () => flood(socket, Buffer.alloc(65_536, 'O'))));
    expect(await hybrid()).toMatchObject({
      code: 'unavailable',
      details: expect.stringContaining('no newline within 64 bytes'),
    });
  });

  test('a call fails with unavailable if the hybrid-vsock peer closes instead of answering', async () => {
    await peer((socket) => socket.once('data', () => socket.end()));
    expect(await hybrid()).toMatchObject({
      code: 'unavailable',
      details: expect.stringContaining('nothing listens on port 1024'),
    });
  });

  test('a call fails with unavailable if the hybrid-vsock peer closes after OK', async () => {
    await peer((socket) => socket.once('data', () => socket.end('OK 1024\n')));
    expect(await hybrid()).toMatchObject({ code: 'unavailable' });
  });
});

describe('malformed debug consoles', () => {
  const opening = async (timeoutMs = DEADLINE): Promise<unknown> => {
    const memory = memoryInUse();
    const begun = performance.now();
    const outcome = await openGuestShell(`unix://${path()}`, { timeoutMs }).catch((error: unknown) => error);
    expect(performance.now() - begun).toBeLessThan(timeoutMs + 2 * GRACE);
    expect(memoryInUse() - memory).toBeLessThan(BOUND);
    return outcome;
  };

  test('openGuestShell rejects at its timeout if the debug console prints nothing', async () => {
    await peer(() => {});
    expect(await opening()).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining(`did not come within ${DEADLINE} ms`),
    });
  });

  test('openGuestShell rejects at its timeout if the debug console only echoes', async () => {
    await peer((socket) => socket.pipe(socket));
    expect(await opening()).toMatchObject({ code: 'timeout' });
  });

  test('openGuestShell rejects once the debug console has printed more than 16 MiB', async () => {
    await peer((socket) => flood(socket, Buffer.alloc(65_536, 'y\n')));
    const message = expect.stringContaining('printed over 16777216 characters');
    expect(await opening(10_000)).toMatchObject({ code: 'debug-console', message });
  });

  test('openGuestShell rejects with the last output if the debug console closes', async () => {
    await peer((socket) => socket.once('data', () => socket.end('login incorrect\n')));
    expect(await opening()).toMatchObject({
      code: 'debug-console',
      message: expect.stringContaining('"login incorrect\\n"'),
    });
  });
});
