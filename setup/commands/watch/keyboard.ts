import { emitKeypressEvents, type Key } from 'node:readline';
import { createInterface } from 'node:readline/promises';

/** The keyboard of the terminal of this process. Disposing restores the terminal. */
export interface Keyboard extends Disposable {
  /** Asks for a line of text; `undefined` if the user leaves the question with Ctrl-C or Ctrl-D. */
  ask(question: string): Promise<string | undefined>;
}

/** Reads single keys, whose names are those of node:readline. Ctrl-C interrupts this process as without this function. */
export function openKeyboard(onKey: (name: string) => void): Keyboard {
  const { stdin, stdout } = process;
  const pressed = (_text: string | undefined, { ctrl, name, sequence }: Key): void => {
    if (ctrl && name === 'c') process.kill(process.pid, 'SIGINT');
    else if (!ctrl && (name ?? sequence) !== undefined) onKey(name ?? sequence ?? '');
  };
  const listen = (): void => {
    stdin.setRawMode(true);
    stdin.on('keypress', pressed);
    stdin.resume();
  };
  const rest = (): void => {
    stdin.off('keypress', pressed);
    stdin.setRawMode(false);
  };
  emitKeypressEvents(stdin);
  listen();
  return {
    async ask(question) {
      stdin.off('keypress', pressed);
      const prompt = createInterface({ input: stdin, output: stdout });
      const left = new AbortController();
      for (const event of ['SIGINT', 'close'] as const) prompt.once(event, () => left.abort());
      try {
        return await prompt.question(question, { signal: left.signal });
      } catch (error) {
        if (left.signal.aborted) return undefined;
        throw error;
      } finally {
        prompt.close();
        listen();
      }
    },
    [Symbol.dispose]() {
      rest();
      stdin.pause();
    },
  };
}
