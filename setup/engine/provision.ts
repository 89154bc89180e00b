import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeOrUndo } from '../../helpers/dispose.ts';
import { labelProcess } from '../../helpers/process/run-label.ts';
import { startBundler } from './code-inputs.ts';
import { Journal } from './journal.ts';
import type { RunOptions } from './options.ts';
import { type ChangedOptions, StepsRun } from './run.ts';
import type { Step } from './step.ts';
import { withUsualUmask } from './umask.ts';

/*
 * The engine: it runs steps that need one another, keeps what they build, and undoes everything else.
 *
 * - An artefact (step.ts) fills a directory. Its inputs are the code of its step (code-inputs.ts), the files, digests and
 *   values it names, and the artefacts it needs. The directory is kept while its inputs and its contents are unchanged
 *   (artefact-cache.ts, artefact-contents.ts).
 * - A service is there for one run. It hands each resource to `owned` before it can fail (owned.ts); disposing the
 *   session undoes them in reverse order.
 * - Whatever outlives a killed process is recorded in the run's journal (journal.ts) before it is created. `teardown`
 *   replays the journals of ended runs. Undos are data of some kind (undo.ts); the caller adds kinds of its own.
 * - A step that fails or exceeds its limit ends the run: the others are aborted and given a short time to end
 *   (unfinished.ts); what they acquire later is undone as well.
 *
 * It is generic in the configuration and in the description of the machine (`Config`, `Host`), and imports only general
 * helpers: it knows no step of this project.
 */

/** What the steps of set-up have created, until it is disposed. */
export interface Session<Config, Host> extends AsyncDisposable {
  readonly runId: string;
  readonly runDir: string;
  /** The result of a step that this session ran. Throws for any other step. */
  result<Out>(step: Step<Out, Config, Host>): Out;
  /**
   * Runs steps again with a changed configuration, in the given order, while the others keep what they created; what the given services
   * created is undone before. Rejects as {@link provision} does, but undoes nothing else.
   */
  again(steps: readonly Step<unknown, Config, Host>[], changed: ChangedOptions<Config, Host>): Promise<void>;
}

/**
 * Runs steps, each as soon as the steps it needs are done. If a step fails or exceeds its limit, or `signal` aborts,
 * the engine aborts the others, undoes everything, and rejects with {@link ProvisionError} or the signal's reason.
 */
export async function provision<Config, Host>(
  steps: readonly Step<unknown, Config, Host>[],
  options: RunOptions<Config, Host>,
): Promise<Session<Config, Host>> {
  const runId = randomBytes(3).toString('hex');
  const runDir = join(options.runRoot, runId);
  const journal = await Journal.open(options.journalDir, runId, options.undoKinds);
  const owned = new AsyncDisposableStack();
  const run = new StepsRun(options, {
    runId,
    runDir,
    owned,
    undoByRemoving: (path) => journal.record({ undo: 'remove-path', path }),
  });
  owned.defer(async () => {
    await journal.replay();
    run.unfinished.undoAfterwards(() => journal.replayAgain());
  });
  return makeOrUndo(
    async () => {
      journal.record({ undo: 'remove-path', path: runDir });
      for (const record of options.leftBehind(runId)) journal.record(record);
      journal.record({ undo: 'kill-processes', runId });
      await startBundler();
      labelProcess(runId);
      await mkdir(runDir, { recursive: true, mode: 0o700 });
      await withUsualUmask(() => run.all(steps));
      let undone: Promise<void> | undefined;
      return {
        runId,
        runDir,
        result: (step) => run.result(step),
        again: (changedSteps, changed) => withUsualUmask(() => run.again(changedSteps, changed)),
        // Disposing twice runs the undos once, because an interrupt and the regular end may both dispose: the second
        // call waits for the first.
        [Symbol.asyncDispose]: () => {
          undone ??= owned.disposeAsync();
          return undone;
        },
      };
    },
    () => owned.disposeAsync(),
  );
}
