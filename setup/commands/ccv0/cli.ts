import { ConfigError, messageOf } from '../../../helpers/errors.ts';
import { withTarget } from '../../config/validated.ts';
import { checkEffects, readSettings } from '../../session/settings.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { ccv0Settings } from './settings.ts';

function help(): string {
  const width = Math.max(...Object.keys(COMMANDS).map((name) => name.length)) + 2;
  const lines = Object.entries(COMMANDS).map(([name, { does }]) => `  ${name.padEnd(width)}${does}`);
  return [
    'Build and test Kata Containers from source',
    'Usage: pnpm ccv0 [options] <command> [sandbox]',
    '',
    'Commands:',
    `  ${'help'.padEnd(width)}Display this help`,
    ...lines,
    '',
    'Options:',
    '  -d  show the output of every build command',
    '  -h  display this help',
    '  --only STEP[,STEP]  for build commands: run only these steps (`pnpm plan` lists them)',
    '  --from STEP         for build commands: run this step and all steps that need it',
    '  --force             run them even if they are up to date',
    '',
    'KATA_KERNEL=source and KATA_QEMU=source build the kernel and QEMU as upstream does; docs/settings.md lists all',
    'settings. katacontainers_repo and katacontainers_branch set the Kata to build; PULL_IMAGE, CONTAINER_ID and SOURCE_CREDS',
    'the image to pull. A command for a sandbox uses the named one, or the only one that runs.',
  ].join('\n');
}

try {
  const { args, choice, command, debug } = parseCommandLine(process.argv.slice(2), ['help', ...Object.keys(COMMANDS)]);
  if (command === 'help') console.log(help());
  else {
    const config = withTarget('kata', readSettings(debug ? { debug } : {}));
    checkEffects(ccv0Settings(config));
    const { builds, run } = COMMANDS[command] ?? {};
    if (choice !== undefined && !builds) {
      throw new ConfigError(`${command} builds nothing; --only, --from and --force are for commands that build`);
    }
    await run?.({ config, args, choice });
  }
} catch (error) {
  console.error(messageOf(error));
  // Exits explicitly: a timed-out step may still have an open connection, which would keep this process alive.
  process.exit(1);
}
