import type { Build } from './build.ts';

/** Context of a `pnpm ccv0` command. */
export interface CommandContext extends Build {
  readonly args: readonly string[];
}

/** A `pnpm ccv0` command, named as in ccv0.sh of the CCv0 branch. */
export interface Command {
  readonly does: string;
  /** Whether the command takes the options that limit set-up steps. */
  readonly builds?: true;
  /** Whether it takes the id of a sandbox. */
  readonly forSandbox?: true;
  readonly run: (context: CommandContext) => Promise<void>;
}
