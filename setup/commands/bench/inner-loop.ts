import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import { HarnessError } from '../../../helpers/errors.ts';
import { WORKTREE } from '../../../helpers/git/snapshot.ts';
import { claim } from '../../../helpers/process/claim.ts';
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
import type { Bench, BenchContext } from './benchmark.ts';
import { machineOf } from './kernel-alone.ts';
import { seconds } from './measure.ts';
import { changeLine, copySource } from './source-copy.ts';

const ROUNDS = 3;
/** The first spec of suites/README.md: one guest, one container. */
const SPEC = 'suites/agent/stats.spec.ts';
const RUN_TIMEOUT_MS = 1_800_000;

/**
 * Bench of the loop of an agent's author: from a changed line of the agent to the verdict of one spec file, beside cargo alone and boots of a
 * guest.
 */
export const innerLoop: Bench = {
  name: 'inner-loop',
  title: 'From a changed line of the agent to the verdict of one spec file',
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
  const [boots, alone, verdicts]: [number[], number[], number[]] = [[], [], []];
  const bootOnce = async (): Promise<void> => {
    const options = { sandboxId: `bench-${boots.length}`, options: { machine: {} }, signal };
    await using guest = await launchGuest(session.target, options);
    boots.push(guest.readyMs);
  };
  await bootOnce();
  for (let round = 1; round <= ROUNDS; round += 1) {
    say(`round ${round} of ${ROUNDS}`);
    await changeLine(copy, `alone ${round}`);
    alone.push(await cargoAlone(await resolved(changes, signal), context));
    await changeLine(copy, `with its verdict ${round}`);
    verdicts.push(await verdict(copy, signal));
    await bootOnce();
  }
  const [took, cargo, boot] = [median(verdicts), median(alone), median(boots)];
  const ratio = took / (cargo + 2 * boot);
  const { accelerator, acceleration } = machineOf(session.target);
  const wanted = { bound: '<= 1', kept: ratio <= 1 };
  return {
    rows: [
      {
        what: `changed line to verdict of ${SPEC}`,
        figure: seconds(took),
        beside: `cargo ${seconds(cargo)} + two boots of ${seconds(boot)}`,
        ratio,
        ...(accelerator === 'tcg' ? { wanted } : {}),
      },
    ],
    notes: [
      `agent of ${name}, profile dev; ${acceleration}`,
      `medians of ${ROUNDS} verdicts and builds by cargo, and of ${boots.length} boots, in turns`,
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

/** Milliseconds of a run of the spec file as a user starts it. Rejects unless all of its tests pass. */
async function verdict(copy: string, signal: AbortSignal): Promise<number> {
  const environment = {
    KATA_TARGET: 'vm',
    KATA_AGENT: 'source',
    KATA_AGENT_PROFILE: 'dev',
    katacontainers_repo: copy,
    katacontainers_branch: WORKTREE,
  };
  const begun = performance.now();
  const { tests } = await runSuites([SPEC], { environment, inherit: true, timeoutMs: RUN_TIMEOUT_MS, signal });
  const took = performance.now() - begun;
  const failed = tests.find(({ outcome }) => outcome !== 'passed');
  if (failed !== undefined || tests.length === 0) {
    throw new HarnessError('bench', `${failed?.id ?? SPEC} ${failed?.outcome ?? 'has no test'}`);
  }
  return took;
}
