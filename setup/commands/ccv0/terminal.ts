import type { Duplex } from 'node:stream';
import type { TerminalSize } from '../../../helpers/debug-console/terminal.ts';
import { Interrupted, SIGNALS } from '../../engine/interrupt.ts';

/** Key that detaches: Ctrl-Q, as in CCv0's script. */
const ESCAPE = 0x11;

/** End of input on a terminal: Ctrl-D. */
const END_OF_INPUT = '\x04';

/** Size of this terminal; a default one without a terminal. */
export function terminalSize(): TerminalSize {
  const { columns = 80, rows = 24 } = process.stdout;
  return { columns, rows };
}

/**
 * Connects this terminal to a stream in raw mode, until either side closes or Ctrl-Q is pressed. `resize` is called
 * with each new size. Rejects on a signal, such as SIGHUP of a closed terminal. Always restores the terminal. The
 * caller closes the stream, because it may have to end something first.
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
      // A closed terminal and the parent shell both send SIGHUP; a second one must not interrupt the caller's cleanup.
      for (const name of SIGNALS) process.on(name, () => reject(new Interrupted(name)));
      for (const end of [stream, stdin, stdout]) end.on('error', reject);
      stream.pipe(stdout, { end: false });
      stdin.on('data', (bytes: Buffer) => {
        const end = raw ? bytes.indexOf(ESCAPE) : -1;
        stream.write(end < 0 ? bytes : bytes.subarray(0, end));
        if (end >= 0) resolve();
      });
      // Closing the stream would not end the remote shell; on a terminal, the end of input is a key.
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
