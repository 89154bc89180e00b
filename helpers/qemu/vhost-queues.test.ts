import { expect, test } from 'vitest';
import { servesQueues, watchedBy } from './vhost-queues.ts';

/** fdinfo of a vhost-device-vsock's epoll before it serves a guest, and while it does. */
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

test('watchedBy reads the data values of an epoll’s watched files from its fdinfo', () => {
  expect(watchedBy(BEFORE)).toEqual(['3', '5']);
  expect(watchedBy(SERVING)).toEqual(['3', '5', '0', '1']);
});

test('servesQueues is false for a process that serves no guest', async () => {
  expect(await servesQueues(process.pid)).toBe(false);
});
