import type { Command } from 'commander';
import { readWords } from './kata-command.ts';
import { kataProgram } from './program.ts';

/** How a command line ended: its exit code, and what it printed. */
interface Ended {
  readonly code: number;
  readonly said: string;
}

/** All commands below a command, each with its words. */
export function below(
  command: Command,
  words: readonly string[] = [],
): readonly (readonly [readonly string[], Command])[] {
  return command.commands.flatMap((child) => {
    const own = [...words, child.name()];
    return [[own, child] as const, ...below(child, own)];
  });
}

/** Parses a command line. A command whose action would run is not run, and says `accepted`. */
export async function parse(words: readonly string[]): Promise<Ended> {
  const program = await kataProgram(words);
  let said = '';
  const write = (text: string): void => {
    said += text;
  };
  for (const command of [program, ...below(program).map(([, each]) => each)]) {
    command.exitOverride().configureOutput({ writeOut: write, writeErr: write });
    if (command.commands.length === 0) command.action(() => write('accepted'));
  }
  try {
    await program.parseAsync(readWords(words, program), { from: 'user' });
    return { code: 0, said };
  } catch (error) {
    const { exitCode } = error as { readonly exitCode?: number };
    if (exitCode === undefined) throw error;
    return { code: exitCode, said };
  }
}
