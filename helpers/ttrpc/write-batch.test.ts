import { expect, test } from 'vitest';
import { FrameDecoder, MESSAGE_REQUEST } from './frame.ts';
import { WriteBatch } from './write-batch.ts';

const HEAD = Buffer.from('head:');

/** Stream id and bytes of each frame in these chunks. */
function framesIn(chunks: readonly Uint8Array[]): readonly (readonly [streamId: number, text: string])[] {
  const frames = new FrameDecoder().push(Buffer.concat(chunks));
  return frames.map(({ payload, streamId }) => [streamId, String(payload)] as const);
}

test('a batch of ttrpc frames of every size keeps their order and bytes, across several slabs', () => {
  const lengths = [
    0,
    1,
    4_096,
    4_097,
    70_000,
    3,
    ...Array.from({ length: 100 }, (_, index) => 1_000 + index),
    5_000,
    0,
  ];
  const batch = new WriteBatch();
  const texts = lengths.map((length, index) => String(index % 10).repeat(length));
  for (const [index, text] of texts.entries()) batch.add(index, MESSAGE_REQUEST, [HEAD, Buffer.from(text)]);
  expect(framesIn(batch.take())).toEqual(texts.map((text, index) => [index, `head:${text}`]));
});

test('a batch of small ttrpc frames is one chunk, and is empty once it is taken', () => {
  const batch = new WriteBatch();
  expect(batch.empty).toBe(true);
  for (let index = 0; index < 64; index += 1) batch.add(index, MESSAGE_REQUEST, [HEAD, Buffer.alloc(64)]);
  expect(batch.empty).toBe(false);
  expect(batch.take()).toHaveLength(1);
  expect(batch.empty).toBe(true);
  expect(batch.take()).toEqual([]);
});

test('frames that are added after a batch was taken do not change its chunks', () => {
  const batch = new WriteBatch();
  batch.add(1, MESSAGE_REQUEST, [HEAD, Buffer.from('first')]);
  const taken = batch.take();
  batch.add(3, MESSAGE_REQUEST, [HEAD, Buffer.from('other')]);
  expect(framesIn(taken)).toEqual([[1, 'head:first']]);
  expect(framesIn(batch.take())).toEqual([[3, 'head:other']]);
});

test('a large payload of a ttrpc frame is not copied', () => {
  const payload = Buffer.alloc(100_000, 'x');
  const batch = new WriteBatch();
  batch.add(1, MESSAGE_REQUEST, [HEAD, payload]);
  expect(batch.take().at(-1)).toBe(payload);
});
