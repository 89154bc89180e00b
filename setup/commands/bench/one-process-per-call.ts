import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { minimalEnv } from '../../../helpers/process/exec.ts';
import { encodedLength, encodeRequest } from '../../../helpers/ttrpc/envelope.ts';
import { encodeHeader, FrameDecoder, MESSAGE_REQUEST } from '../../../helpers/ttrpc/frame.ts';
import { type Address, formatAddress } from '../../../helpers/vsock/address.ts';

/**
 * Makes each RPC call with a new process, as a script does with `agent-ctl`. The process is socat, which only
 * transports bytes that were encoded before; a real client starts more slowly, so the result is a lower bound.
 */
export function oneProcessPerCall(
  address: Address,
  service: string,
  method: string,
  payload: Uint8Array,
): () => Promise<void> {
  if (address.kind === 'vsock') throw new Error(`${formatAddress(address)}: only sockets of this machine are measured`);
  const request = encodeRequest({ service, method, payload, timeoutNano: 0, metadata: [] });
  const frame = Buffer.concat([encodeHeader(encodedLength(request), 1, MESSAGE_REQUEST), ...request]);
  const handshake = address.kind === 'hvsock' ? `CONNECT ${address.port}\n` : '';
  return async () => {
    const child = spawn('socat', ['-', `UNIX-CONNECT:${address.path}`], {
      env: minimalEnv(),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const decoder = new FrameDecoder();
    let skip = handshake !== '';
    child.stdin.write(handshake);
    child.stdin.write(frame);
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      const newline = skip ? chunk.indexOf(10) : -1;
      skip = false;
      if (decoder.push(chunk.subarray(newline + 1)).length > 0) break;
    }
    // SIGKILL, because socat can lose a SIGTERM between two of its system calls and then waits forever.
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
}
