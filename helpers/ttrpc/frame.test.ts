import { describe, expect, test } from 'vitest';
import { encodeHeader, type Frame, FrameDecoder, HEADER_LENGTH, MAX_PAYLOAD } from './frame.ts';

function encode(frames: readonly { streamId: number; type: number; flags: number; payload: Uint8Array }[]): Buffer {
  return Buffer.concat(
    frames.flatMap(({ flags, payload, streamId, type }) => [
      encodeHeader(payload.length, streamId, type, flags),
      payload,
    ]),
  );
}

function decode(chunks: readonly Buffer[]): { frames: Frame[]; decoder: FrameDecoder } {
  const decoder = new FrameDecoder();
  return { frames: chunks.flatMap((chunk) => [...decoder.push(chunk)]), decoder };
}

function plain(frames: readonly Frame[]): unknown[] {
  return frames.map(({ flags, length, payload, streamId, type }) => ({
    streamId,
    type,
    flags,
    length,
    payload: [...(payload ?? [])],
  }));
}

describe('ttrpc frames', () => {
  test('encodeHeader writes length, stream id, type and flags of a ttrpc frame, in big-endian order', () => {
    expect([...encodeHeader(0x01020304, 0x05060708, 9, 10)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  test('FrameDecoder returns the same ttrpc frames however a byte stream is split', () => {
    const stream = encode([
      { streamId: 1, type: 1, flags: 0, payload: Buffer.from('hello') },
      { streamId: 3, type: 2, flags: 1, payload: Buffer.alloc(0) },
      { streamId: 0xff_ff_ff_ff, type: 3, flags: 255, payload: Buffer.from('x'.repeat(40)) },
    ]);
    const whole = plain(decode([stream]).frames);
    expect(whole).toHaveLength(3);
    for (let at = 0; at <= stream.length; at += 1) {
      expect(plain(decode([stream.subarray(0, at), stream.subarray(at)]).frames)).toEqual(whole);
    }
    expect(plain(decode([...stream].map((byte) => Buffer.from([byte]))).frames)).toEqual(whole);
  });

  test('FrameDecoder drops an oversized ttrpc payload without buffering it, and decodes the next frame', () => {
    const length = MAX_PAYLOAD + 3;
    const decoder = new FrameDecoder();
    const frames = [...decoder.push(encodeHeader(length, 1, 1))];
    const before = process.memoryUsage().arrayBuffers;
    for (let sent = 0; sent < length; sent += 65_536) {
      frames.push(...decoder.push(Buffer.alloc(Math.min(65_536, length - sent))));
    }
    frames.push(...decoder.push(encode([{ streamId: 3, type: 2, flags: 0, payload: Buffer.from('ok') }])));
    expect(frames.map(({ length: size, payload }) => [size, payload?.toString()])).toEqual([
      [length, undefined],
      [2, 'ok'],
    ]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_PAYLOAD * 2);
  });

  test('FrameDecoder allocates no memory for an announced ttrpc payload before its first byte', () => {
    const decoder = new FrameDecoder();
    const before = process.memoryUsage().arrayBuffers;
    expect([...decoder.push(encodeHeader(MAX_PAYLOAD, 1, 1))]).toEqual([]);
    expect(decoder.pending).toBe(MAX_PAYLOAD);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MAX_PAYLOAD);
    expect(HEADER_LENGTH).toBe(10);
  });
});
