import { setTimeout as delay } from 'node:timers/promises';
import type { ProvidedContext } from 'vitest';
import type { TestProject, Vitest } from 'vitest/node';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import type { Target } from '../../helpers/contract/target.ts';
import { messageOf } from '../../helpers/errors.ts';
import { readCheckout } from '../../helpers/git/checkout.ts';
import { reportLostOutput } from '../../helpers/process/lost-output.ts';
import { redactor } from '../../helpers/text/secrets.ts';
import { rememberTarget } from '../config/choose-target.ts';
import { secretsOf } from '../config/config.ts';
import { Interrupted, takeOverSignals } from '../engine/interrupt.ts';
import { SUITES_PROJECT } from '../plan.ts';
import { type OpenSession, openSession } from '../session/open-session.ts';
import { describeRun } from './facts.ts';

declare module 'vitest' {
  interface ProvidedContext {
    target: Target;
    facts: RunFacts;
    /** Why set-up failed, for the reports: in that case no test runs. */
    setupFailure: string;
  }
}

/** Timeout for running tests to end after an interrupt, in milliseconds. */
const CANCEL_MS = 5_000;

/** Vitest's global set-up: sets up the target, passes it to the workers, and undoes everything at the end. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  // The run goes on without its output: it writes its reports, and undoes set-up.
  reportLostOutput();
  const vitest = project.vitest;
  let session: OpenSession | undefined;
  const signal = takeOverSignals((interrupted) => {
    // During set-up the interrupt's signal itself undoes everything; afterwards the tests are cancelled first.
    if (session) void endEarly(interrupted, session, () => vitest.cancelCurrentRun('keyboard-input'));
  });
  try {
    if (!vitest.projects.some(({ name }) => name === SUITES_PROJECT)) return undefined;
    session = await openSession({ signal, live: true });
    const { config, target, timings } = session;
    await rememberTarget(config);
    if (target.name === 'kata') oneAtATime(vitest);
    const { commit } = await readCheckout(vitest.config.root);
    project.provide('target' satisfies keyof ProvidedContext, target);
    project.provide('facts' satisfies keyof ProvidedContext, describeRun(target, timings, commit, vitest));
  } catch (error) {
    if (session) await undo(session);
    project.provide('setupFailure' satisfies keyof ProvidedContext, redactor(secretsOf())(messageOf(error)));
    refuse(error);
  }
  const opened = session;
  return async () => {
    // A failed undo sets the exit code, because Vitest would print the error and still exit with 0.
    if (!(await undo(opened))) process.exitCode = 1;
  };
}

/** Runs one file at a time: guests of this target share the machine's containerd, which some specs kill. */
function oneAtATime({ projects }: Vitest): void {
  for (const { config, name } of projects) if (name === SUITES_PROJECT) config.maxWorkers = 1;
}

async function endEarly(interrupted: Interrupted, session: OpenSession, cancel: () => Promise<void>): Promise<void> {
  await Promise.race([cancel(), delay(CANCEL_MS)]);
  // Undone at the end, because the undo kills every process of the run, including Vitest's workers.
  await undo(session);
  process.exit(interrupted.exitCode);
}

/** Undoes set-up, reports failures, and returns whether everything was undone. */
async function undo(session: OpenSession): Promise<boolean> {
  try {
    await session[Symbol.asyncDispose]();
    return true;
  } catch (error) {
    console.error(`teardown failed: ${messageOf(error)}`);
    return false;
  }
}

/** Exits with one line, without a stack, because the user must fix the problem. */
function refuse(error: unknown): never {
  console.error(`\n${messageOf(error)}`);
  // An interrupt decides the exit code, even if an undo failed afterwards.
  const interrupted = [error, error instanceof Error ? error.cause : undefined].find(
    (one) => one instanceof Interrupted,
  );
  process.exit(interrupted?.exitCode ?? 1);
}
