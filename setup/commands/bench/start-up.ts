import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSession } from '../../session/open-session.ts';
import type { Bench } from './benchmark.ts';
import { seconds } from './measure.ts';
import { runSuites } from './suites.ts';

const ROUNDS = 3;
const SPEC = 'suites/agent/debug-console.spec.ts';

/** Bench of the time until the first spec runs, with a warm cache. */
export const startUp: Bench = {
  name: 'start-up',
  title: 'Time until the first spec runs, with a warm cache',
  async run(context) {
    const { directory, say, signal } = context;
    const [setUp, first]: [number[], number[]] = [[], []];
    // The first run is not measured: it fills the cache.
    for (let round = 0; round <= ROUNDS; round += 1) {
      say(`round ${round} of ${ROUNDS}`);
      const begun = performance.now();
      await (await openSession({ targetForAuto: 'local', signal }))[Symbol.asyncDispose]();
      if (round > 0) setUp.push(performance.now() - begun);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      const { begun } = await runSuites(context, {}, [SPEC]);
      const report = JSON.parse(await readFile(join(directory, 'report.json'), 'utf8')) as {
        tests: readonly { startedAt?: number }[];
      };
      first.push(Math.min(...report.tests.flatMap(({ startedAt }) => startedAt ?? [])) - begun);
    }
    return {
      rows: [
        { what: 'set-up and teardown, warm', figure: seconds(Math.min(...setUp)) },
        { what: 'from the command to the first spec', figure: seconds(Math.min(...first)) },
      ],
      notes: [`best of ${ROUNDS}`],
    };
  },
};
