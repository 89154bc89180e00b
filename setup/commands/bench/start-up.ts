import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { median } from '../../../helpers/text/statistics.ts';
import { openSession } from '../../session/open-session.ts';
import type { Bench, BenchContext } from './benchmark.ts';
import { bootKernelAlone, inBoots, machineOf } from './kernel-alone.ts';
import { seconds } from './measure.ts';
import { runSuites } from './suites.ts';

const ROUNDS = 5;
const SPEC = 'suites/agent/debug-console.spec.ts';

/** Bound of the time until the first spec runs, in boots of the kernel. */
const MOST_BOOTS = 3;

/** Bench of the time until the first spec runs on target `vm`, with a warm cache, beside boots of the kernel alone. */
export const startUp: Bench = {
  name: 'start-up',
  title: 'Time until the first spec runs, with a warm cache',
  async run(context) {
    const { say, signal } = context;
    const setUp = async (): Promise<ReturnType<typeof machineOf>> => {
      await using session = await openSession({ changes: { target: 'vm', agent: 'stand-in' }, signal });
      return machineOf(session.target);
    };
    say('filling the cache');
    const machine = await setUp();
    const [boots, setUps, starts]: [number[], number[], number[]] = [[], [], []];
    for (let round = 1; round <= ROUNDS; round += 1) {
      say(`round ${round} of ${ROUNDS}`);
      boots.push(await bootKernelAlone(machine, context.directory, signal));
      const begun = performance.now();
      await setUp();
      setUps.push(performance.now() - begun);
      starts.push(await untilFirstSpec(context));
    }
    const [alone, took] = [median(boots), median(starts)];
    return {
      rows: [
        { what: 'set-up and teardown, stand-in', figure: seconds(median(setUps)) },
        inBoots(machine, { what: `from the command to the first test of ${SPEC}`, took, alone, most: MOST_BOOTS }),
      ],
      notes: [`${machine.kernel.release}, ${machine.acceleration}`, `medians of ${ROUNDS}, in turns`],
    };
  },
};

/** Milliseconds from the start of a run of one spec file to the start of its first test. */
async function untilFirstSpec(context: BenchContext): Promise<number> {
  const { begun } = await runSuites(context, { KATA_TARGET: 'vm', KATA_AGENT: 'stand-in' }, [SPEC]);
  const report = JSON.parse(await readFile(join(context.directory, 'report.json'), 'utf8')) as {
    tests: readonly { startedAt?: number }[];
  };
  return Math.min(...report.tests.flatMap(({ startedAt }) => startedAt ?? [])) - begun;
}
