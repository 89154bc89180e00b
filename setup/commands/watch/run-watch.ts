import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../../helpers/errors.ts';
import { readCheckout } from '../../../helpers/git/checkout.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { inspectTarget } from '../../session/inspect-target.ts';
import { checkoutOf, sourceDirectories, topOf } from './checkout.ts';
import { type Keyboard, openKeyboard } from './keyboard.ts';
import { actionOf, keysHelp } from './keys.ts';
import { recall } from './memory-file.ts';
import { type SpecChoice, Specs } from './specs.ts';
import { WatchLoop } from './watch-loop.ts';
import { watchDirectories } from './watched-directories.ts';

/** Folders of this project whose files specs use. */
const OF_SPECS = ['suites', 'fixtures', 'helpers', 'protos'];

/** Runs specs again whenever a file of the agent or of the specs is saved, until the user ends it. Ends this process. */
export async function runWatch(choice: SpecChoice): Promise<void> {
  const { config } = await inspectTarget({ log: () => {}, notice: console.log, check: checkoutOf });
  const checkout = await topOf(checkoutOf(config));
  const specs = await Specs.open();
  await specs.check(choice.files);
  const memory = await recall(config, specs.root);
  await specs.start();
  const { commit } = await readCheckout(specs.root);

  let quit = (_code: number): void => {};
  const quitting = new Promise<number>((resolve) => {
    quit = resolve;
  });
  takeOverSignals((interrupted) => quit(interrupted.exitCode));
  const onFailure = (error: unknown): void => {
    specs.setUpFailed(messageOf(error));
    console.error(messageOf(error));
    quit(1);
  };
  const log = (line: string): void => console.log(line);
  const loop = new WatchLoop({ ...{ config, checkout, specs, memory, choice, commit, onFailure, log } });
  let code = 1;
  {
    using keys = keyboard(loop, () => quit(0));
    using _source = await watchDirectories({
      directories: () => sourceDirectories(checkout),
      onChange: (paths) => loop.sourceSaved(paths),
      onProblem: (problem) =>
        console.log(
          problem === undefined
            ? `${checkout} is there again`
            : `${messageOf(problem)}; waiting until it is there again`,
        ),
    });
    using _specs = await watchDirectories({
      directories: async () => (await Promise.all(OF_SPECS.map((name) => below(join(specs.root, name))))).flat(),
      onChange: (paths) => void loop.specsSaved(paths).catch(say),
      onProblem: (problem) => problem === undefined || say(problem),
    });
    if (keys === undefined) console.log('standard input is not a terminal: no keys; Ctrl-C or SIGTERM ends');
    loop.start();
    code = await quitting;
  }
  process.exit((await ended(loop, specs)) ? code : 1);
}

function say(problem: unknown): void {
  console.log(messageOf(problem));
}

/** How long Vitest may take to close, in milliseconds. */
const CLOSE_MS = 5_000;

/** Ends everything. Returns whether set-up was undone, and says so if not. */
async function ended(loop: WatchLoop, specs: Specs): Promise<boolean> {
  try {
    await loop[Symbol.asyncDispose]();
    return true;
  } catch (error) {
    console.error(`teardown failed: ${messageOf(error)}`);
    return false;
  } finally {
    // Without a run, there is nothing to close.
    if (specs.hasRun) await Promise.race([specs[Symbol.asyncDispose](), delay(CLOSE_MS)]);
  }
}

/** The keyboard, whose keys request something of the loop; `undefined` if standard input is not a terminal. */
function keyboard(loop: WatchLoop, quit: () => void): Keyboard | undefined {
  if (!process.stdin.isTTY) return undefined;
  const keys = openKeyboard((name) => {
    const action = actionOf(name);
    if (action === 'quit') quit();
    else if (action === 'help') console.log(keysHelp());
    else if (action !== undefined)
      void loop
        .request(action, (question) => keys.ask(question))
        .catch((error: unknown) => console.log(messageOf(error)));
  });
  return keys;
}

/** A directory and all directories below it. */
async function below(directory: string): Promise<readonly string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory()).map(({ name }) => below(join(directory, name)));
  return [directory, ...(await Promise.all(inner)).flat()];
}
