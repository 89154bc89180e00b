import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import { HarnessError } from '../../../helpers/errors.ts';
import { WORKTREE } from '../../../helpers/git/snapshot.ts';
import { claim } from '../../../helpers/process/claim.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { median } from '../../../helpers/text/statistics.ts';
import { loadConfig } from '../../config/config.ts';
import { gitStore } from '../../config/git-store.ts';
import { resolveConfig } from '../../config/resolve.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { type Config, withTarget } from '../../config/validated.ts';
import { openSession } from '../../session/open-session.ts';
import { agentCrate } from '../../steps/agent/compile-agent.ts';
import { buildCrate, kataSourceOf, withKeptSource } from '../../steps/source/kata-source.ts';
import { runSuites } from '../mutants/run-suites.ts';
import type { Bench, BenchContext, Row } from './benchmark.ts';
import { machineOf } from './kernel-alone.ts';
import { seconds } from './measure.ts';
import { changeLine, copySource } from './source-copy.ts';
import { startWatch } from './watched.ts';

const ROUNDS = 3;
/** The first spec of suites/README.md: one guest, one container. */
const SPEC = 'suites/agent/stats.spec.ts';
const RUN_TIMEOUT_MS = 1_800_000;

/**
 * Bench of the loop of an agent's author: from a saved line of the agent to the verdict of one spec file in `pnpm kata watch`, and in a run of
 * its own, beside cargo alone and boots of a guest.
 */
export const innerLoop: Bench = {
  name: 'inner-loop',
  title: 'From a saved line of the agent to the verdict of one spec file',
  async run(context) {
    const { say, signal } = context;
    const config = await resolved({ agent: 'source' }, signal);
    // One place for all runs, so that what cargo keeps of the copy is kept once.
    const place = join(config.cacheDir, 'bench');
    await mkdir(place, { recursive: true, mode: 0o700 });
    const onWait = (): void => say('waiting for another bench of the inner loop');
    await using _claim = await claim(join(place, 'claim'), { onWait, signal });
    const copy = join(place, 'kata-containers');
    await using stack = new AsyncDisposableStack();
    stack.defer(() => rm(copy, { recursive: true, force: true }));
    await rm(copy, { recursive: true, force: true });
    await mkdir(copy);
    say('copying the source of the agent');
    const source = kataSourceOf(config, 'bench');
    await copySource(source, gitStore(config), copy, signal);
    return await measure({ context, copy, name: source.name });
  },
};

interface Copied {
  readonly context: BenchContext;
  /** Path of the copy of Kata's repository. */
  readonly copy: string;
  /** Name of the copied source, for notes. */
  readonly name: string;
}

async function measure({ context, copy, name }: Copied): ReturnType<Bench['run']> {
  const { say, signal } = context;
  const changes = { agent: 'source', agentProfile: 'dev', kataRepo: copy, kataBranch: WORKTREE } as const;
  say('compiling everything once');
  await verdict(copy, signal);
  await using session = await openSession({ changes: { ...changes, target: 'vm' }, log: say, signal });
  const [boots, alone, watched, runs]: [number[], number[], number[], number[]] = [[], [], [], []];
  const bootOnce = async (): Promise<void> => {
    const options = { sandboxId: `bench-${boots.length}`, options: { machine: {} }, signal };
    await using guest = await launchGuest(session.target, options);
    boots.push(guest.readyMs);
  };
  await bootOnce();
  // An agent of an earlier bench would be found in the cache.
  const bench = new Date().toISOString();
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`round ${round} of ${ROUNDS}`);
    await changeLine(copy, `${bench} alone ${round}`);
    alone.push(await cargoAlone(await resolved(changes, signal), context));
    watched.push(await watchedVerdict(copy, `${bench} watched ${round}`, signal));
    await changeLine(copy, `${bench} in a run ${round}`);
    runs.push(await verdict(copy, signal));
    await bootOnce();
  }
  const [cargo, boot] = [median(alone), median(boots)];
  const { accelerator, acceleration } = machineOf(session.target);
  const row = (what: string, took: number): Row & { readonly ratio: number } => {
    const beside = `cargo ${seconds(cargo)} + two boots of ${seconds(boot)}`;
    return { what, figure: seconds(took), beside, ratio: took / (cargo + 2 * boot) };
  };
  const loop = row(`${SPEC} in pnpm kata watch`, median(watched));
  const wanted = { bound: '<= 1', kept: loop.ratio <= 1 };
  return {
    rows: [{ ...loop, ...(accelerator === 'tcg' ? { wanted } : {}) }, row(`pnpm test ${SPEC}`, median(runs))],
    notes: [
      `agent of ${name}, profile dev; ${acceleration}`,
      `medians of ${ROUNDS} verdicts each and builds by cargo, and of ${boots.length} boots, in turns`,
    ],
  };
}

function resolved(changes: Partial<Config>, signal: AbortSignal): Promise<ResolvedConfig> {
  return resolveConfig(withTarget('vm', { ...loadConfig(), ...changes }), signal);
}

/** Milliseconds of cargo alone, in the directory and with the arguments of set-up. */
function cargoAlone(config: ResolvedConfig, { say, signal }: BenchContext): Promise<number> {
  const source = kataSourceOf(config, 'bench');
  const context = { config, say, signal };
  return withKeptSource(source, context, async (checkout) => {
    const { crate, options } = await agentCrate(checkout, context);
    const begun = performance.now();
    await buildCrate(crate, source, context, options);
    return performance.now() - begun;
  });
}

/** Settings of a run with the agent of a copy. */
function environmentOf(copy: string): Record<string, string> {
  const agent = { KATA_AGENT: 'source', KATA_AGENT_PROFILE: 'dev' };
  return { KATA_TARGET: 'vm', ...agent, katacontainers_repo: copy, katacontainers_branch: WORKTREE };
}

/** Milliseconds from a saved line to the verdict of the spec file in a watch that waits. Rejects unless all of its tests pass. */
async function watchedVerdict(copy: string, text: string, signal: AbortSignal): Promise<number> {
  return await inTemporaryDirectory(join(tmpdir(), 'kata-cc-bench-watch-'), async (reports) => {
    const environment = {
      ...environmentOf(copy),
      KATA_REPORTS_DIR: reports,
      KATA_HISTORY_DIR: join(reports, 'history'),
    };
    await using watch = startWatch(SPEC, { environment, timeoutMs: RUN_TIMEOUT_MS, signal });
    await watch.passed();
    const begun = performance.now();
    await changeLine(copy, text);
    await watch.passed();
    return performance.now() - begun;
  });
}

/** Milliseconds of a run of the spec file as a user starts it. Rejects unless all of its tests pass. */
async function verdict(copy: string, signal: AbortSignal): Promise<number> {
  const environment = environmentOf(copy);
  const begun = performance.now();
  const { tests } = await runSuites([SPEC], { environment, inherit: true, timeoutMs: RUN_TIMEOUT_MS, signal });
  const took = performance.now() - begun;
  const failed = tests.find(({ outcome }) => outcome !== 'passed');
  if (failed !== undefined || tests.length === 0) {
    throw new HarnessError('bench', `${failed?.id ?? SPEC} ${failed?.outcome ?? 'has no test'}`);
  }
  return took;
}
