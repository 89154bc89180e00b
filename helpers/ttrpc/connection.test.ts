import type { Duplex } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { memoryPipe } from '../memory-pipe.ts';
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

describe('a connection to a peer that', () => {
  test('answers another stream first still hears its own answer', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([response(99, 'not yours'), response(1, 'yours')])),
    );
    expect(await call(connection)).toBe('yours');
  });

  test('answers twice hears the first answer', async () => {
    await using connection = connect((far) => far.write(Buffer.concat([response(1, 'first'), response(1, 'second')])));
    expect(await call(connection)).toBe('first');
  });

  test('sends even streams and unknown types is not disturbed', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([response(2, 'even'), encodeHeader(0, 4, 77), response(1, 'mine')])),
    );
    expect(await call(connection)).toBe('mine');
  });

  test('answers with a message that is no response fails that call with a protocol error', async () => {
    await using connection = connect((far) => far.write(encodeHeader(0, 1, 3)));
    await expect(call(connection)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('type 3'),
    });
  });

  test('answers with bytes that are no protobuf fails that call with a protocol error', async () => {
    await using connection = connect((far) =>
      far.write(Buffer.concat([encodeHeader(3, 1, 2), Buffer.from([0xff, 0xff, 0xff])])),
    );
    await expect(call(connection)).rejects.toMatchObject({
      code: 'protocol',
      message: expect.stringContaining('not a ttrpc response'),
    });
  });

  test('announces more than 4 MiB fails that call, and serves the next', async () => {
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

  test('closes in the middle of a frame says how much was missing', async () => {
    await using connection = connect((far) => {
      far.write(encodeHeader(100, 1, 2));
      far.end();
    });
    await expect(call(connection)).rejects.toMatchObject({
      code: 'unavailable',
      details: 'connection lost: the stream ended 100 bytes before the end of a frame',
    });
  });

  test('never answers ends at the deadline, and a late answer concerns nobody', async () => {
    await using connection = connect((far) => void setTimeout(() => far.write(response(1, 'late')), 60));
    await expect(call(connection, 20)).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(connection.inFlight).toBe(0);
  });
});

describe('a server whose client', () => {
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

  test('uses an even stream is told so', async () => {
    expect((await answers(encodeHeader(0, 2, 1))).toString()).toContain('StreamID must be odd');
  });

  test('uses a stream again is told so', async () => {
    expect((await answers(Buffer.concat([encodeHeader(0, 5, 1), encodeHeader(0, 3, 1)]))).toString()).toContain(
      'must increment',
    );
  });

  test('sends bytes that are no request is told so', async () => {
    const garbage = Buffer.concat([encodeHeader(2, 1, 1), Buffer.from([0xff, 0xff])]);
    expect((await answers(garbage)).toString()).toContain('not a ttrpc request');
  });
});
