import { setTimeout as delay } from 'node:timers/promises';
import type { ProvidedContext } from 'vitest';
import type { TestProject, Vitest } from 'vitest/node';
import { messageOf } from '../helpers/errors.ts';
import { readCheckout } from '../helpers/git/checkout.ts';
import type { RunFacts, SetupFact } from '../helpers/run-facts.ts';
import type { Target } from '../helpers/target.ts';
import { aimToMake } from './aim.ts';
import { begin } from './begin.ts';
import { rememberTarget } from './choose-target.ts';
import { journalDir } from './config.ts';
import { describeRun } from './facts.ts';
import type { Host } from './host.ts';
import { Interrupted, takeOverSignals } from './interrupt.ts';
import { plan, SUITES_PROJECT } from './plan.ts';
import { liveProgress, plainProgress } from './progress.ts';
import { provision, type World } from './run.ts';
import { type Settled, settle } from './settle.ts';
import { firstGuest } from './steps/first-guest.ts';
import { teardown } from './teardown.ts';
import { timed } from './timing.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    facts: RunFacts;
  }
}

/** How long running tests may take to end after an interrupt, in milliseconds. */
const CANCEL_MS = 5_000;

/** Vitest's global set-up: makes the target, hands it to the workers, and undoes everything at the end. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const vitest = project.vitest;
  let world: World | undefined;
  const signal = takeOverSignals((interrupted) => {
    // During set-up the signal itself unwinds it; afterwards the tests are asked to end, and then everything goes.
    if (world) void endEarly(interrupted, world, () => vitest.cancelCurrentRun('keyboard-input'));
  });
  try {
    if (!vitest.projects.some(({ name }) => name === SUITES_PROJECT)) return undefined;
    const aimed = await aimToMake(begin());
    const config = await settle(aimed.config, signal);
    if (config.why !== undefined) console.log(`agent: ${config.agent}: ${config.why}`);
    const made = await makeWorld(config, aimed.host, signal);
    world = made.world;
    await rememberTarget(config);
    const target = world.result(firstGuest());
    if (target.name === 'kata') oneAtATime(vitest);
    const { commit } = await readCheckout(vitest.config.root);
    project.provide('target' satisfies keyof ProvidedContext, target);
    project.provide('facts' satisfies keyof ProvidedContext, describeRun(target, made.setup, commit, vitest));
    console.log(target.banner);
  } catch (error) {
    if (world) await undo(world);
    refuse(error);
  }
  const made = world;
  return async () => {
    // Vitest would print it and still exit with 0.
    if (!(await undo(made))) process.exitCode = 1;
  };
}

/** Guests of this target share the machine's containerd, which some specs kill. */
function oneAtATime({ projects }: Vitest): void {
  for (const { config, name } of projects) if (name === SUITES_PROJECT) config.maxWorkers = 1;
}

interface Made {
  readonly world: World;
  readonly setup: readonly SetupFact[];
}

async function makeWorld(config: Settled, host: Host, signal: AbortSignal): Promise<Made> {
  const steps = plan(config);
  // What a killed run has left behind.
  await teardown(journalDir(config));
  const live = process.stdout.isTTY && !config.ci && !config.debug;
  const progress = live ? liveProgress(steps) : plainProgress((line) => console.log(line));
  const timing = timed(progress);
  try {
    const world = await provision(steps, { config, host, progress: timing, signal });
    progress.close('ready');
    return { world, setup: timing.steps };
  } catch (error) {
    progress.close('failed');
    throw error;
  }
}

async function endEarly(interrupted: Interrupted, world: World, cancel: () => Promise<void>): Promise<void> {
  await Promise.race([cancel(), delay(CANCEL_MS)]);
  // Its journal kills every process of the run, Vitest's workers among them.
  await undo(world);
  process.exit(interrupted.exitCode);
}

/** Undoes all that set-up made; reports what cannot be undone, and whether all was. */
async function undo(world: World): Promise<boolean> {
  try {
    await world[Symbol.asyncDispose]();
    return true;
  } catch (error) {
    console.error(`teardown failed: ${messageOf(error)}`);
    return false;
  }
}

/** Ends with one line: what is wrong is the user's to put right, and a stack would only hide it. */
function refuse(error: unknown): never {
  console.error(`\n${messageOf(error)}`);
  // What an undo adds to an interrupt does not change how the run ended.
  const interrupted = [error, error instanceof Error ? error.cause : undefined].find(
    (one) => one instanceof Interrupted,
  );
  process.exit(interrupted?.exitCode ?? 1);
}
