import { createServer } from 'node:net';
import { join } from 'node:path';
import { listenHybridVsock } from '../hybrid-vsock.ts';
import { serveTtrpc } from '../ttrpc/server.ts';

// A process of its own, as a guest is: it echoes, over both kinds of socket, until its input is closed.
const [directory = '.'] = process.argv.slice(2);
const PORT = 1024;

createServer((stream) => void serveTtrpc(stream, async ({ payload }) => payload)).listen(join(directory, 'unix'));
await listenHybridVsock(join(directory, 'vsock'), {
  [PORT]: (stream) => void serveTtrpc(stream, async ({ payload }) => payload),
});
console.log('ready');
process.stdin.resume().once('end', () => process.exit(0));
