import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { memoryPipe } from '../vsock/memory-pipe.ts';
import { TtrpcConnection } from './connection.ts';
import { encodeResponse } from './envelope.ts';
import { encodeHeader, MAX_PAYLOAD } from './frame.ts';
import { serveTtrpc } from './server.ts';

function response(streamId: number, payload: string): Buffer {
  const bytes = Buffer.concat(encodeResponse({ code: 0, message: '', payload: Buffer.from(payload) }));
  return Buffer.concat([encodeHeader(bytes.length, streamId, 2), bytes]);
}

function connect(answer: (far: Duplex) => void): TtrpcConnection {
  const [near, far] = memoryPipe();
  far.once('data', () => answer(far));
  return new TtrpcConnection(near);
}

const call = (connection: TtrpcConnection, timeoutMs = 5_000): Promise<string> =>
  connection.call('s', 'm', Buffer.from('x'), { timeoutMs }).then((bytes) => Buffer.from(bytes).toString());

describe('TtrpcConnection', () => {
  test('a ttrpc call gets its own response after a response to an unknown stream', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([response(99, 'not yours'), response(1, 'yours')])),
    );
    expect(await call(connection)).toBe('yours');
  });

  test('a ttrpc call that is answered twice gets the first response', async () => {
    await using connection = connect((far) => far.write(Buffer.concat([response(1, 'first'), response(1, 'second')])));
    expect(await call(connection)).toBe('first');
  });

  test('a ttrpc call ignores frames with even stream ids and unknown message types', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([response(2, 'even'), encodeHeader(0, 4, 77), response(1, 'mine')])),
    );
    expect(await call(connection)).toBe('mine');
  });

  test('a ttrpc call answered with a data message fails with a protocol error', async () => {
    await using connection = connect((far) => far.write(encodeHeader(0, 1, 3)));
    await expect(call(connection)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('type 3'),
    });
  });

  test('a ttrpc call answered with invalid protobuf fails with a protocol error', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([encodeHeader(3, 1, 2), Buffer.from([0xff, 0xff, 0xff])])),
    );
    await expect(call(connection)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('not a ttrpc response'),
    });
  });

  test('a ttrpc response over 4 MiB fails its call with RESOURCE_EXHAUSTED, and the next call succeeds', async () => {
    await using connection = connect((far) => {
      far.write(encodeHeader(MAX_PAYLOAD + 1, 1, 2));
      far.write(Buffer.alloc(MAX_PAYLOAD + 1));
      far.write(response(3, 'next'));
    });
    const first = call(connection);
    const second = call(connection);
    await expect(first).rejects.toMatchObject({ code: 'resource_exhausted' });
    expect(await second).toBe('next');
  });

  test('the error of a ttrpc connection that ends within a frame gives the number of missing bytes', async () => {
    await using connection = connect((far) => {
      far.write(encodeHeader(100, 1, 2));
      far.end();
    });
    await expect(call(connection)).rejects.toMatchObject({
      code: 'unavailable',
      details: 'connection lost: the stream ended 100 bytes before the end of a frame',
    });
  });

  test('a ttrpc call without a response fails with DEADLINE_EXCEEDED and is no longer in flight', async () => {
    await using connection = connect((far) => void setTimeout(() => far.write(response(1, 'late')), 60));
    await expect(call(connection, 20)).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(connection.inFlight).toBe(0);
  });
});

describe('TtrpcServerConnection', () => {
  const answers = async (sent: Buffer): Promise<Buffer> => {
    const [near, far] = memoryPipe();
    await using _server = serveTtrpc(near, async ({ payload }) => payload);
    const received: Buffer[] = [];
    far.on('data', (chunk: Buffer) => received.push(chunk));
    far.write(sent);
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
    return Buffer.concat(received);
  };

  test('the ttrpc server answers a request on an even stream id with an error', async () => {
    expect((await answers(encodeHeader(0, 2, 1))).toString()).toContain('StreamID must be odd');
  });

  test('the ttrpc server answers a request whose stream id does not increase with an error', async () => {
    expect((await answers(Buffer.concat([encodeHeader(0, 5, 1), encodeHeader(0, 3, 1)]))).toString()).toContain(
      'must increment',
    );
  });

  test('the ttrpc server answers a request of invalid protobuf with an error', async () => {
    const garbage = Buffer.concat([encodeHeader(2, 1, 1), Buffer.from([0xff, 0xff])]);
    expect((await answers(garbage)).toString()).toContain('not a ttrpc request');
  });
});
