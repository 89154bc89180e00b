import { expect, test } from 'vitest';
import { servesQueues, watchedBy } from './vhost-queues.ts';

/** Of a vhost-device-vsock that serves a guest, and before that. */
const BEFORE = `pos:	0
flags:	02000002
mnt_id:	16
ino:	1063
tfd:       10 events:       19 data:                3  pos:0 ino:427 sdev:10
tfd:        5 events:       19 data:                5  pos:0 ino:427 sdev:10
`;
const SERVING = `${BEFORE}tfd:       20 events:       19 data:                0  pos:0 ino:427 sdev:10
tfd:       21 events:       19 data:                1  pos:0 ino:427 sdev:10
`;

test('what an epoll watches is read from what the kernel says of it', () => {
  expect(watchedBy(BEFORE)).toEqual(['3', '5']);
  expect(watchedBy(SERVING)).toEqual(['3', '5', '0', '1']);
});

test('a process that serves no guest does not have its queues', async () => {
  expect(await servesQueues(process.pid)).toBe(false);
});
