import { showCommands } from '../helpers/exec.ts';
import { redactor } from '../helpers/secrets.ts';
import { type Config, loadConfig, secretsOf, settingNotices } from './config.ts';

/**
 * What every command of ours begins with: reads the settings, says what is odd about them, and with `DEBUG` has the commands
 * of set-up shown. Throws a ConfigError for settings that are wrong.
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
