import { createServer } from 'node:net';
import { serveTtrpc } from '../../../helpers/ttrpc/server.ts';
import { listenHybridVsock } from '../../../helpers/vsock/hybrid.ts';
import { ECHO } from './echo-service.ts';

// The server of the rpc bench runs in a separate process, like the agent in a guest. It echoes over both kinds of
// socket (unix and hybrid vsock) until its stdin closes.
const [unix = '', hybrid = ''] = process.argv.slice(2);

createServer((stream) => void serveTtrpc(stream, async ({ payload }) => payload)).listen(unix);
await listenHybridVsock(hybrid, {
  [ECHO.port]: (stream) => void serveTtrpc(stream, async ({ payload }) => payload),
});
console.log('ready');
process.stdin.resume().once('end', () => process.exit(0));
