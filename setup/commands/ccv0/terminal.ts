import type { Duplex } from 'node:stream';
import type { TerminalSize } from '../../../helpers/debug-console/terminal.ts';
import { Interrupted, SIGNALS } from '../../engine/interrupt.ts';

/** Code of the key that detaches the terminal from a guest: Ctrl-Q, as in ccv0.sh. */
const ESCAPE = 0x11;

/** End of input as typed on a terminal: Ctrl-D. */
const END_OF_INPUT = '\x04';

/** Size of this process's terminal; a default size without a terminal. */
export function terminalSize(): TerminalSize {
  const { columns = 80, rows = 24 } = process.stdout;
  return { columns, rows };
}

/**
 * Connects this process's terminal to a stream in raw mode, until either side closes or Ctrl-Q is pressed. `resize` is
 * called with each new size. Rejects on a signal, such as SIGHUP of a closed terminal. Always restores the terminal.
 * The caller closes the stream, because it may have to end the remote shell first.
 */
export async function attachTerminal(
  stream: Duplex,
  resize: (size: TerminalSize) => Promise<void> = async () => {},
): Promise<void> {
  const { stdin, stdout } = process;
  const raw = stdin.isTTY;
  let onResize = (): void => {};
  if (raw) {
    stdin.setRawMode(true);
    process.stderr.write('(press Ctrl-Q to detach)\r\n');
  }
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('close', resolve);
      // The signals stay handled: a closed terminal and the parent shell both send SIGHUP, and the second must not
      // interrupt the caller's cleanup.
      for (const name of SIGNALS) process.on(name, () => reject(new Interrupted(name)));
      for (const end of [stream, stdin, stdout]) end.on('error', reject);
      stream.pipe(stdout, { end: false });
      stdin.on('data', (bytes: Buffer) => {
        const end = raw ? bytes.indexOf(ESCAPE) : -1;
        stream.write(end < 0 ? bytes : bytes.subarray(0, end));
        if (end >= 0) resolve();
      });
      // The end of this process's input is sent as a key, since closing the stream would not end the remote shell.
      stdin.once('end', () => (raw ? resolve() : void stream.write(END_OF_INPUT)));
      onResize = () => void resize(terminalSize()).catch(reject);
      stdout.on('resize', onResize);
    });
  } finally {
    stdout.off('resize', onResize);
    if (raw) stdin.setRawMode(false);
    stdin.pause();
    stream.unpipe(stdout);
  }
}
