import { showCommands } from '../../helpers/process/exec.ts';
import { redactor } from '../../helpers/text/secrets.ts';
import { type Config, loadConfig, secretsOf, settingNotices } from '../config/config.ts';

/**
 * Start of every command: reads the settings, reports unusual ones, and with `DEBUG` shows the commands that set-up
 * runs. Throws a ConfigError for invalid settings.
 */
export function begin(changes: Partial<Config> = {}): Config {
  const config = { ...loadConfig(), ...changes };
  for (const line of settingNotices()) console.log(line);
  if (config.debug) {
    const redact = redactor(secretsOf());
    showCommands((line) => console.log(redact(line)));
  }
  return config;
}
