import type { GuestMachine } from '../../../helpers/contract/target.ts';
import { median } from '../../../helpers/text/statistics.ts';
import { openSession } from '../../session/open-session.ts';
import type { Bench, BenchContext } from './benchmark.ts';
import { bootKernelAlone, inBoots, machineOf } from './kernel-alone.ts';
import { runSuites } from './suites.ts';

const ROUNDS = 2;
const BOOTS = 3;

/**
 * Bound of a repeated run under software emulation, in boots of the kernel: a minute, on a machine that boots the
 * kernel in 2.1 seconds.
 */
const MOST_BOOTS = 28;

/** Bench of a repeated run of all suites in VMs, compared with a boot of the kernel alone. */
export const secondRun: Bench = {
  name: 'second-run',
  title: 'KATA_TARGET=vm pnpm test with a warm cache',
  async run(context) {
    const machine = await makeEverything(context);
    const [boots, runs]: [number[], number[]] = [[], []];
    const bootSome = async (): Promise<void> => {
      for (let count = 0; count < BOOTS; count += 1) {
        boots.push(await bootKernelAlone(machine, context.directory, context.signal));
      }
    };
    await bootSome();
    for (let round = 1; round <= ROUNDS; round += 1) {
      context.say(`round ${round} of ${ROUNDS}`);
      runs.push((await runSuites(context, { KATA_TARGET: 'vm', KATA_AGENT: 'stand-in' })).ms);
      await bootSome();
    }
    const [alone, took] = [median(boots), Math.min(...runs)];
    return {
      rows: [inBoots(machine, { what: 'all suites, stand-in', took, alone, most: MOST_BOOTS })],
      notes: [
        `${machine.kernel.release}, ${machine.acceleration}`,
        `best of ${ROUNDS} runs, median of ${boots.length} boots before, between and after`,
      ],
    };
  },
};

async function makeEverything({ signal }: BenchContext): Promise<GuestMachine> {
  await using session = await openSession({ changes: { target: 'vm', agent: 'stand-in' }, signal });
  return machineOf(session.target);
}
