import { open, stat } from 'node:fs/promises';
import { parseConsole } from './console-lines.ts';
import { HarnessError } from './errors.ts';
import { type PollOptions, poll } from './poll.ts';

/** A place in a console: everything before it was said before. In bytes. */
export type Cursor = number;

/** What a guest prints, as it grows. */
export interface Console {
  /** Where it ends now. */
  cursor(): Promise<Cursor>;
  /** What was said since; complete lines and what there is of the last one. */
  textSince(cursor: Cursor): Promise<string>;
  /** Waits until what was said since `cursor` matches; gives the match. The error quotes the console's last lines. */
  waitFor(pattern: RegExp, since: Cursor, options: PollOptions): Promise<RegExpExecArray>;
}

const QUOTED_LINES = 10;

/** A console that is appended to a file. */
export function fileConsole(file: string): Console {
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
        throw new HarnessError('console', `${pattern} was not said on the console; it ends with:\n${last}`, { cause });
      }
    },
  };
}

/**
 * A line with which skopeo gives up. Its log has one form for files, and another, with colours, for terminals; a terminal
 * ends its lines with a carriage return as well, or with two.
 */
export const FATAL_LINE = /(level=fatal|FATA\S*\[\d+\]) [^\n]*\n/;

/** The message of the first line on which skopeo gives up, unquoted; `undefined` when there is none. */
export function fatalMessage(text: string): string | undefined {
  return parseConsole(text).find(({ from, level }) => from === 'skopeo' && level === 'critical')?.message;
}
