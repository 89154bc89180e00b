import { createServer } from 'node:net';
import { serveTtrpc } from '../../../helpers/ttrpc/server.ts';
import { listenHybridVsock } from '../../../helpers/vsock/hybrid.ts';
import { ECHO } from './echo-service.ts';

// A separate process, like the agent in a guest: echoes over both kinds of socket until its stdin closes.
const [unix = '', hybrid = ''] = process.argv.slice(2);

createServer((stream) => void serveTtrpc(stream, async ({ payload }) => payload)).listen(unix);
await listenHybridVsock(hybrid, {
  [ECHO.port]: (stream) => void serveTtrpc(stream, async ({ payload }) => payload),
});
console.log('ready');
process.stdin.resume().once('end', () => process.exit(0));
