import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { HarnessError, messageOf } from './errors.ts';
import { commandLine, DIE_WITH_PARENT, minimalEnv } from './exec.ts';

/** socat says this, at notice level, once both of its ends are open. */
const CONNECTED = /starting data transfer loop/;
const STDERR_TAIL = 2_000;

/**
 * A byte stream through `socat - <address>`: what Node cannot open, socat can. Resolves when socat's far end is
 * connected; rejects with socat's own error lines otherwise. The process ends with the stream, and with us; when socat
 * ends badly later, the stream fails with what it said.
 */
export async function bridge(
  command: readonly [file: 'socat', ...args: string[]],
  signal?: AbortSignal,
): Promise<Duplex> {
  const [socat, ...args] = command;
  const [file, ...prefix] = DIE_WITH_PARENT;
  // -d -d: notices, among them the one that says it is connected.
  const child = spawn(file, [...prefix, socat, '-d', '-d', ...args], { env: minimalEnv(), stdio: 'pipe' });
  let stderr = '';
  const failed = (reason: string): HarnessError =>
    new HarnessError('bridge', [`${commandLine(command)} ${reason}`, errorLines(stderr)].filter(Boolean).join(': '));
  const stream = streamOf(child);
  // Until it is connected nobody listens to the stream, and its pipes may break before socat's end is told to us.
  const unheard = (): void => {};
  stream.on('error', unheard);
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
  stream.off('error', unheard).once('close', () => {
    // A SIGTERM can be lost between two of socat's system calls; the end of its input cannot.
    child.stdin.destroy();
    child.kill('SIGTERM');
  });
  return stream;
}

/**
 * What a child reads and writes as one stream. Neither of its pipes ends or fails it: that is for who knows how the
 * child ended, and a pipe breaks before the kernel tells.
 */
function streamOf({ stdin, stdout }: ChildProcessWithoutNullStreams): Duplex {
  const stream: Duplex = new Duplex({
    // As a socket: whoever is hung up on hears 'close'.
    allowHalfOpen: false,
    read: () => void stdout.resume(),
    write: (chunk: Buffer, _encoding, done) => void stdin.write(chunk, () => done()),
    // A pipe that is closed already never tells that it has ended.
    final: (done) => (stdin.destroyed ? done() : void stdin.end(() => done())),
  });
  stdin.on('error', () => {});
  stdout.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) stdout.pause();
  });
  return stream;
}

/** socat's complaints (`date socat[pid] E text`) without the notices around them. */
function errorLines(stderr: string): string {
  const lines = stderr.split('\n').flatMap((line) => /\bsocat\[\d+\] [EFW] (.*)$/.exec(line)?.[1] ?? []);
  return lines.join('; ');
}
