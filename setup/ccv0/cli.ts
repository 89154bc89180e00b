import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { checkEffects } from '../aim.ts';
import { begin } from '../begin.ts';
import { aimedAt } from '../config.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';

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
    '  -d  show what every command of a build prints',
    '  -h  display this help',
    '  --only STEP[,STEP]  of a build: make these steps and no others (`pnpm plan` lists them)',
    '  --from STEP         of a build: this step and all that need it',
    '  --force             make them although nothing they are made from has changed',
    '',
    'KATA_KERNEL=source and KATA_QEMU=source build the kernel and QEMU as upstream does; the README has all settings.',
    'katacontainers_repo and katacontainers_branch say what is built; PULL_IMAGE, CONTAINER_ID and SOURCE_CREDS what is',
    'pulled. A command for a sandbox takes the only one that runs, or the one that is named.',
  ].join('\n');
}

try {
  const { args, choice, command, debug } = parseCommandLine(process.argv.slice(2), ['help', ...Object.keys(COMMANDS)]);
  if (command === 'help') console.log(help());
  else {
    const config = aimedAt('kata', begin(debug ? { debug } : {}));
    // What is pulled, and as what, has defaults here.
    checkEffects({ ...config, pullImage: config.pullImage ?? '' });
    const { builds, run } = COMMANDS[command] ?? {};
    if (choice !== undefined && !builds) {
      throw new ConfigError(`${command} builds nothing: --only, --from and --force are for commands that do`);
    }
    await run?.({ config, args, choice });
  }
} catch (error) {
  console.error(messageOf(error));
  // A step that set-up gave up on may still hold a connection, which would keep this process alive.
  process.exit(1);
}
