import type { Build } from './build.ts';

/** What a command is given. */
export interface CommandContext extends Build {
  readonly args: readonly string[];
}

/** One command of the seed's script. */
export interface Command {
  readonly does: string;
  /** Takes options that say which steps are carried out. */
  readonly builds?: true;
  readonly run: (context: CommandContext) => Promise<void>;
}
