import { createServer } from 'node:net';
import { listenHybridVsock } from '../../helpers/hybrid-vsock.ts';
import { serveTtrpc } from '../../helpers/ttrpc/server.ts';
import { ECHO } from './echo-service.ts';

// A process of its own, as a guest is: it echoes, over both kinds of socket, until its input is closed.
const [unix = '', hybrid = ''] = process.argv.slice(2);

createServer((stream) => void serveTtrpc(stream, async ({ payload }) => payload)).listen(unix);
await listenHybridVsock(hybrid, {
  [ECHO.port]: (stream) => void serveTtrpc(stream, async ({ payload }) => payload),
});
console.log('ready');
process.stdin.resume().once('end', () => process.exit(0));
