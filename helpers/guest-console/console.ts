import { open, stat } from 'node:fs/promises';
import { HarnessError } from '../errors.ts';
import { type PollOptions, poll } from '../poll.ts';
import { parseConsole } from './parse.ts';

/** A position in a console's output, in bytes. */
export type Cursor = number;

/** The growing console output of a guest. */
export interface GuestConsole {
  /** Position of the current end of the console's output. */
  cursor(): Promise<Cursor>;
  /** The console's output since a cursor, including an incomplete last line. */
  textSince(cursor: Cursor): Promise<string>;
  /**
   * Waits until the console's output since the cursor matches, and returns the match. The error quotes the console's
   * last lines.
   */
  waitFor(pattern: RegExp, since: Cursor, options: PollOptions): Promise<RegExpExecArray>;
}

const QUOTED_LINES = 10;

/** A console whose output is appended to a file. */
export function fileConsole(file: string): GuestConsole {
  const size = async (): Promise<number> => (await stat(file)).size;
  const textSince = async (cursor: Cursor): Promise<string> => {
    await using handle = await open(file, 'r');
    const length = Math.max(0, (await handle.stat()).size - cursor);
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, cursor);
    return buffer.toString('utf8', 0, bytesRead);
  };
  return {
    cursor: size,
    textSince,
    waitFor: async (pattern, since, options) => {
      try {
        return await poll(
          `${pattern} on the console`,
          async () => pattern.exec(await textSince(since)) ?? undefined,
          options,
        );
      } catch (cause) {
        const last = (await textSince(since)).trimEnd().split('\n').slice(-QUOTED_LINES).join('\n');
        throw new HarnessError('console', `${pattern} did not appear on the console; it ends with:\n${last}`, {
          cause,
        });
      }
    },
  };
}

/**
 * A line with a fatal error of skopeo. skopeo has a log format for files and one, with colours, for terminals; a
 * terminal adds one or two carriage returns to the line end.
 */
export const FATAL_LINE = /(level=fatal|FATA\S*\[\d+\]) [^\n]*\n/;

/** The message of skopeo's first fatal error on a console, unquoted; `undefined` if there is none. */
export function fatalMessage(text: string): string | undefined {
  return parseConsole(text).find(({ from, level }) => from === 'skopeo' && level === 'critical')?.message;
}
