import type { Duplex } from 'node:stream';
import type { TerminalSize } from '../../helpers/guest-terminal.ts';
import { Interrupted, SIGNALS } from '../interrupt.ts';

/** Leaves the other side: Ctrl-Q, as the seed's script had it. */
const ESCAPE = 0x11;

/** What a terminal takes for the end of input: Ctrl-D. */
const END_OF_INPUT = '\x04';

/** Size of this terminal; the usual one where there is none. */
export function terminalSize(): TerminalSize {
  const { columns = 80, rows = 24 } = process.stdout;
  return { columns, rows };
}

/**
 * Connects this terminal to a stream, every key as it is pressed, until either side closes or Ctrl-Q is pressed; `resize`
 * hears of its size when that changes. Rejects when we are interrupted, as by a terminal that is closed. The terminal is as
 * it was afterwards, however this ends; the stream is its owner's to close, who may have something to end before.
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
    process.stderr.write('(Ctrl-Q leaves)\r\n');
  }
  try {
    await new Promise<void>((resolve, reject) => {
      stream.once('close', resolve);
      // A terminal that is closed tells us, and so does the shell we were started from; the owner is not to be cut short.
      for (const name of SIGNALS) process.on(name, () => reject(new Interrupted(name)));
      for (const end of [stream, stdin, stdout]) end.on('error', reject);
      stream.pipe(stdout, { end: false });
      stdin.on('data', (bytes: Buffer) => {
        const end = raw ? bytes.indexOf(ESCAPE) : -1;
        stream.write(end < 0 ? bytes : bytes.subarray(0, end));
        if (end >= 0) resolve();
      });
      // Closing the stream would not end what is at its other end; on a terminal the end of input is a key.
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
