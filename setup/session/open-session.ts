import type { SetupFact } from '../../helpers/contract/run-facts.ts';
import type { Target } from '../../helpers/contract/target.ts';
import { HarnessError } from '../../helpers/errors.ts';
import type { ResolvedConfig, SourceRevision } from '../config/resolved.ts';
import { type Display, liveProgress, plainProgress } from '../engine/progress.ts';
import { dependents, withNeeds } from '../engine/step.ts';
import { timed } from '../engine/timing.ts';
import { basics, diagnose, diagnoseBuild, obstacles } from '../host/doctor.ts';
import type { Host } from '../host/probe.ts';
import { plan } from '../plan.ts';
import type { Step } from '../step.ts';
import { agentStep } from '../steps/agent/agent-choice.ts';
import { describedTarget } from '../steps/vm/described-target.ts';
import { firstGuest } from '../steps/vm/first-guest.ts';
import { provisionSteps, teardownRuns } from './engine.ts';
import { inspectTarget, resolveTarget, type TargetRequest } from './inspect-target.ts';
import { type Choice, selection } from './selection.ts';

/** What a session sets up: a target, or with `build` only some steps. */
export interface SessionRequest extends Omit<TargetRequest, 'check'> {
  /** Ends set-up early when it aborts; set-up then undoes everything. */
  readonly signal: AbortSignal;
  readonly build?: Build;
  /** Shows progress as live lines if standard output is a terminal, instead of one plain line per event. */
  readonly live?: true;
}

/** Steps that a session runs together with the steps they need; no guest starts. */
export interface Build {
  readonly steps: readonly Step[];
  /** The user's choice among the steps (`--from`, `--only`, `--force`). */
  readonly choice?: Choice | undefined;
  /** Set if the steps need no setting that must be resolved, such as the revision of Kata. */
  readonly unresolved?: true;
}

/** What a session has set up; disposing undoes it. */
export interface OpenSession extends AsyncDisposable {
  readonly config: ResolvedConfig;
  readonly host: Host;
  /** Start and duration of each step of set-up, or of the last {@link OpenSession.renewAgent}. */
  readonly timings: readonly SetupFact[];
  /** The target that was set up. Throws in a session that only builds. */
  readonly target: Target;
  result<Out>(step: Step<Out>): Out;
  /**
   * Builds the agent of another revision of Kata, and runs the steps that depend on it, except for the first guest; everything else stays. The
   * target is then the one with that agent. Rejects if a step fails; the target then stays as it was.
   */
  renewAgent(source: SourceRevision, signal: AbortSignal): Promise<void>;
  /** Starts a first guest with the agent of {@link OpenSession.renewAgent}. Rejects if it does not start, or if its agent is another. */
  checkAgent(signal: AbortSignal): Promise<void>;
}

/**
 * Sets up a target, or builds steps, for Vitest and for every command. Checks that need no network come first:
 * settings, this process, this machine. If the promise rejects, everything is undone.
 */
export async function openSession(request: SessionRequest): Promise<OpenSession> {
  const { build, log, signal } = request;
  const { config: targeted, host, versions } = await inspectTarget({ ...request, check: requireBasics });
  throwFirst(obstacles(build ? diagnoseBuild(targeted, host) : diagnose(targeted, host, versions)));
  const config: ResolvedConfig = build?.unresolved ? targeted : await resolveTarget(targeted, { log, signal });
  const steps = build ? withNeeds(build.steps, config) : plan(config);
  const selected = selection(steps, config, build?.choice);
  // Removes the resources that killed runs left, before new ones are created.
  await teardownRuns(config);
  const display = displayOf(steps, request, config);
  const progress = timed(display);
  const provisioned = await provisionSteps(steps, { config, host, progress, signal, selected }).catch(
    (error: unknown) => {
      display.close('failed');
      throw error;
    },
  );
  display.close('ready');
  const setUp = { config, timings: progress.steps, target: build ? undefined : provisioned.result(describedTarget) };
  if (setUp.target) (log ?? console.log)(setUp.target.banner);
  return {
    host,
    get config() {
      return setUp.config;
    },
    get timings() {
      return setUp.timings;
    },
    get target() {
      if (setUp.target === undefined) throw new HarnessError('session', 'this session only builds: it has no target');
      return setUp.target;
    },
    result: (step) => provisioned.result(step),
    async renewAgent(revision, renewing) {
      if (config.source === undefined) throw new HarnessError('session', 'the agent of this session is not built');
      const changed = { ...config, source: { ...config.source, ...revision } };
      const renewed = timed(plainProgress(log ?? console.log));
      const depending = dependents(steps, agentStep(config).id, config).filter(({ id }) => id !== firstGuest.id);
      await provisioned.again(depending, {
        ...{ config: changed, progress: renewed },
        signal: AbortSignal.any([signal, renewing]),
      });
      Object.assign(setUp, { config: changed, timings: renewed.steps, target: provisioned.result(describedTarget) });
    },
    checkAgent: (checking) =>
      provisioned.again([firstGuest], {
        ...{ config: setUp.config, progress: timed(plainProgress(log ?? console.log)) },
        signal: AbortSignal.any([signal, checking]),
      }),
    [Symbol.asyncDispose]: () => provisioned[Symbol.asyncDispose](),
  };
}

/** Throws if this process cannot set up any target. */
function requireBasics(): void {
  throwFirst(obstacles(basics()));
}

function throwFirst([obstacle]: readonly string[]): void {
  if (obstacle !== undefined) throw new HarnessError('doctor', obstacle);
}

function displayOf(steps: readonly Step[], { live, log }: SessionRequest, { ci, debug }: ResolvedConfig): Display {
  return live && process.stdout.isTTY && !ci && !debug ? liveProgress(steps) : plainProgress(log ?? console.log);
}
