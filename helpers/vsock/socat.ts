import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { HarnessError, messageOf } from '../errors.ts';
import { commandLine, DIE_WITH_PARENT, minimalEnv } from '../process/exec.ts';

/** socat's notice that both ends of its connection are open. */
const CONNECTED = /starting data transfer loop/;
const STDERR_TAIL = 2_000;

/**
 * Opens a byte stream through `socat - <address>`, for address families that Node.js does not support. Resolves when
 * socat's far end is connected; otherwise rejects with socat's error lines. The process ends with the stream and with
 * this process; if socat fails later, the stream fails with its error lines.
 */
export async function bridge(
  command: readonly [file: 'socat', ...args: string[]],
  signal?: AbortSignal,
): Promise<Duplex> {
  const [socat, ...args] = command;
  const [file, ...prefix] = DIE_WITH_PARENT;
  // With -d -d socat prints notices, including the one that it is connected.
  const child = spawn(file, [...prefix, socat, '-d', '-d', ...args], { env: minimalEnv(), stdio: 'pipe' });
  let stderr = '';
  const failed = (reason: string): HarnessError =>
    new HarnessError('bridge', [`${commandLine(command)} ${reason}`, errorLines(stderr)].filter(Boolean).join(': '));
  const stream = streamOf(child);
  // Errors are ignored until the stream is connected: it has no other listener yet, and its pipes may break before
  // socat's exit event.
  const ignored = (): void => {};
  stream.on('error', ignored);
  try {
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason);
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        stderr = (stderr + text).slice(-STDERR_TAIL);
        if (CONNECTED.test(stderr)) resolve();
      });
      child.once('error', (error) => reject(failed(`could not be started (${messageOf(error)})`)));
      child.once('close', (code, by) => {
        signal?.removeEventListener('abort', onAbort);
        const reason = by === null ? `exited with ${code}` : `was killed by ${by}`;
        if (code === 0) stream.push(null);
        else stream.destroy(failed(reason));
        reject(failed(reason));
      });
    });
  } catch (error) {
    stream.destroy();
    child.kill('SIGKILL');
    throw error;
  }
  stream.off('error', ignored).once('close', () => {
    // socat can miss a SIGTERM between two system calls, but not the end of its input, so its stdin is closed too.
    child.stdin.destroy();
    child.kill('SIGTERM');
  });
  return stream;
}

/**
 * A child process's stdin and stdout as one stream. The pipes neither end nor fail the stream: a pipe breaks before the
 * child's exit status is known, so the caller ends the stream when it knows how the child ended.
 */
function streamOf({ stdin, stdout }: ChildProcessWithoutNullStreams): Duplex {
  const stream: Duplex = new Duplex({
    // As with a socket, the stream emits 'close' when the peer closes.
    allowHalfOpen: false,
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void stdin.write(chunk, () => done()),
    // On a closed pipe, the callback of end() is never called.
    final: (done) => (stdin.destroyed ? done() : void stdin.end(() => done())),
  });
  stdin.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  return stream;
}

/** socat's errors and warnings (`date socat[pid] E text`), without its notices. */
function errorLines(stderr: string): string {
  const lines = stderr.split('\n').flatMap((line) => /\bsocat\[\d+\] [EFW] (.*)$/.exec(line)?.[1] ?? []);
  return lines.join('; ');
}
