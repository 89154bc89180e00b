import { ConfigError } from '../../helpers/errors.ts';
import { showCommands } from '../../helpers/process/exec.ts';
import { redactor } from '../../helpers/text/secrets.ts';
import { loadConfig, secretsOf, settingNotices, withoutEffect } from '../config/config.ts';
import type { Config, TargetedConfig } from '../config/validated.ts';

/**
 * Reads the settings, reports unusual ones, and with `DEBUG` shows the commands that set-up runs. Every command of this
 * project calls it first. Throws a ConfigError for invalid settings.
 */
export function readSettings(changes: Partial<Config> = {}, log: (line: string) => void = console.log): Config {
  const config = { ...loadConfig(), ...changes };
  for (const line of settingNotices()) logOnce(line, log);
  if (config.debug) {
    const redact = redactor(secretsOf());
    showCommands((line) => console.log(redact(line)));
  }
  return config;
}

/** Reports settings without effect; throws for one whose loss would make the run test something unexpected. */
export function checkEffects(config: TargetedConfig, log: (line: string) => void = console.log): void {
  const found = withoutEffect(config);
  const rejected = found.find((one) => one.refused);
  if (rejected !== undefined) throw new ConfigError(rejected.line);
  for (const { line } of found) logOnce(line, log);
}

const logged = new Set<string>();

/** Prints a line about the settings once per process, because a command may open several sessions. */
function logOnce(line: string, log: (line: string) => void): void {
  if (logged.has(line)) return;
  logged.add(line);
  log(line);
}
