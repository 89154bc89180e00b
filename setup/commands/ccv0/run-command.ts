import { ConfigError } from '../../../helpers/errors.ts';
import { withTarget } from '../../config/validated.ts';
import type { Choice } from '../../session/selection.ts';
import { checkEffects, readSettings } from '../../session/settings.ts';
import { COMMANDS } from './commands.ts';
import { ccv0Settings } from './settings.ts';

/** Arguments and options of a command. */
export interface CommandLine {
  readonly args: readonly string[];
  /** The steps a build is limited to; empty without such an option. */
  readonly choice: Choice;
  readonly debug: boolean;
}

/** Runs a command of the CCv0 script. */
export async function runCommand(name: string, { args, choice, debug }: CommandLine): Promise<void> {
  const { builds, run } = COMMANDS[name] ?? {};
  const limited = Object.keys(choice).length > 0;
  if (limited && !builds) {
    throw new ConfigError(`${name} builds nothing; --only, --from and --force are for commands that build`);
  }
  const config = withTarget('kata', readSettings(debug ? { debug } : {}));
  checkEffects(ccv0Settings(config));
  await run?.({ config, args, ...(limited ? { choice } : {}) });
}
