import type { Build } from './build.ts';

/** Context of a command. */
export interface CommandContext extends Build {
  readonly args: readonly string[];
}

/** A command of CCv0's script. */
export interface Command {
  readonly does: string;
  /** Whether the command takes the options that limit steps. */
  readonly builds?: true;
  readonly run: (context: CommandContext) => Promise<void>;
}
