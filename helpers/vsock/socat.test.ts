import { once } from 'node:events';
import { expect, test } from 'vitest';
import { bridge } from './socat.ts';

test("a stream of bridge() closes when socat's far end closes", async () => {
  const stream = await bridge(['socat', '-', 'SYSTEM:read line']);
  stream.resume().write('go\n');
  await once(stream, 'close', { signal: AbortSignal.timeout(5_000) });
  expect(stream.writable).toBe(false);
});
