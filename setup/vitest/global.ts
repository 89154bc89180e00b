import { setTimeout as delay } from 'node:timers/promises';
import type { ProvidedContext } from 'vitest';
import type { TestProject, Vitest } from 'vitest/node';
import type { RunFacts, SetupFact } from '../../helpers/contract/run-facts.ts';
import type { Target } from '../../helpers/contract/target.ts';
import { messageOf } from '../../helpers/errors.ts';
import { readCheckout } from '../../helpers/git/checkout.ts';
import { redactor } from '../../helpers/text/secrets.ts';
import { rememberTarget } from '../config/choose-target.ts';
import { secretsOf } from '../config/config.ts';
import { type ResolvedConfig, resolveConfig } from '../config/resolve.ts';
import { Interrupted, takeOverSignals } from '../engine/interrupt.ts';
import { liveProgress, plainProgress } from '../engine/progress.ts';
import { timed } from '../engine/timing.ts';
import type { Host } from '../host/probe.ts';
import { plan, SUITES_PROJECT } from '../plan.ts';
import { aimToMake } from '../session/aim.ts';
import { begin } from '../session/begin.ts';
import { provisionSteps, type Session, teardownRuns } from '../session/engine.ts';
import { firstGuest } from '../steps/vm/first-guest.ts';
import { describeRun } from './facts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    facts: RunFacts;
    /** Why set-up failed, for the reports: no test runs then. */
    setupFailure: string;
  }
}

/** Timeout in milliseconds for running tests to end after an interrupt. */
const CANCEL_MS = 5_000;

/** Vitest's global set-up: sets up the target, passes it to the workers, and undoes everything at the end. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const vitest = project.vitest;
  let world: Session | undefined;
  const signal = takeOverSignals((interrupted) => {
    // During set-up the signal itself unwinds it; afterwards the tests are cancelled, then everything is undone.
    if (world) void endEarly(interrupted, world, () => vitest.cancelCurrentRun('keyboard-input'));
  });
  try {
    if (!vitest.projects.some(({ name }) => name === SUITES_PROJECT)) return undefined;
    const aimed = await aimToMake(begin());
    const config = await resolveConfig(aimed.config, signal);
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
    project.provide('setupFailure' satisfies keyof ProvidedContext, redactor(secretsOf())(messageOf(error)));
    refuse(error);
  }
  const made = world;
  return async () => {
    // Vitest would print the error and still exit with 0.
    if (!(await undo(made))) process.exitCode = 1;
  };
}

/** Runs one file at a time: guests of this target share the machine's containerd, which some specs kill. */
function oneAtATime({ projects }: Vitest): void {
  for (const { config, name } of projects) if (name === SUITES_PROJECT) config.maxWorkers = 1;
}

interface Made {
  readonly world: Session;
  readonly setup: readonly SetupFact[];
}

async function makeWorld(config: ResolvedConfig, host: Host, signal: AbortSignal): Promise<Made> {
  const steps = plan(config);
  // Undoes what a killed run left.
  await teardownRuns(config);
  const live = process.stdout.isTTY && !config.ci && !config.debug;
  const progress = live ? liveProgress(steps) : plainProgress((line) => console.log(line));
  const timing = timed(progress);
  try {
    const world = await provisionSteps(steps, { config, host, progress: timing, signal });
    progress.close('ready');
    return { world, setup: timing.steps };
  } catch (error) {
    progress.close('failed');
    throw error;
  }
}

async function endEarly(interrupted: Interrupted, world: Session, cancel: () => Promise<void>): Promise<void> {
  await Promise.race([cancel(), delay(CANCEL_MS)]);
  // The undo of its journal kills every process of the run, including Vitest's workers.
  await undo(world);
  process.exit(interrupted.exitCode);
}

/** Undoes set-up, reports failures, and returns whether everything was undone. */
async function undo(world: Session): Promise<boolean> {
  try {
    await world[Symbol.asyncDispose]();
    return true;
  } catch (error) {
    console.error(`teardown failed: ${messageOf(error)}`);
    return false;
  }
}

/** Exits with one line, without a stack, because the user must fix the problem. */
function refuse(error: unknown): never {
  console.error(`\n${messageOf(error)}`);
  // A failed undo does not change the exit code of an interrupt.
  const interrupted = [error, error instanceof Error ? error.cause : undefined].find(
    (one) => one instanceof Interrupted,
  );
  process.exit(interrupted?.exitCode ?? 1);
}
