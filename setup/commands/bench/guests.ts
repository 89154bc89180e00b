import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { createContainer, readAll } from '../../../fixtures/container/container.ts';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import type { Target } from '../../../helpers/contract/target.ts';
import { openSession } from '../../session/open-session.ts';
import type { Bench, Row } from './benchmark.ts';

const GUESTS = 8;
const AT_ONCE = [1, 2, 4, 8] as const;
const EXECS = 10;
/** Processor load of the machine above which more concurrent guests cannot be faster. */
const SATURATED = 0.9;

/** Bench of up to eight concurrent guests, each with the work of an agent suite. */
export const guests: Bench = {
  name: 'guests',
  title: 'Concurrent guests',
  async run({ say, signal }) {
    await using session = await openSession({ targetForAuto: 'local', signal });
    const { target } = session;
    await work(target, 'bench-warm', signal);
    const rows: Row[] = [];
    let alone = Number.NaN;
    for (const atOnce of AT_ONCE) {
      say(`${GUESTS} guests, ${atOnce} at a time`);
      const before = await processorTime();
      const begun = performance.now();
      await inParallel(atOnce, (number) => work(target, `bench-${atOnce}-${number}`, signal));
      const ms = performance.now() - begun;
      const busy = busyShare(before, await processorTime());
      if (atOnce === 1) alone = ms;
      const ratio = ms / alone;
      const figure = `${(ms / 1_000).toFixed(1)} s, processors ${(busy * 100).toFixed(0)} % busy`;
      const wanted = {
        bound: `< 0.6 of the time, or >= ${SATURATED * 100} % busy`,
        kept: ratio < 0.6 || busy >= SATURATED,
      };
      const bound = atOnce === GUESTS ? { wanted } : {};
      rows.push({
        what: `${GUESTS} guests, ${atOnce} at a time`,
        figure,
        beside: 'one at a time',
        ratio,
        ...bound,
      });
    }
    const each = `each guest boots, pulls an image, runs a container and ${EXECS} processes in it, and ends`;
    return { rows, notes: [target.banner, each, `${availableParallelism()} processors`] };
  },
};

async function inParallel(atOnce: number, one: (number: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < GUESTS) {
      next += 1;
      await one(next);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function work(target: Target, id: string, signal: AbortSignal): Promise<void> {
  await using guest = await launchGuest(target, { sandboxId: id, signal });
  const containerId = 'bench';
  await createContainer(guest, containerId);
  await guest.agent.startContainer({ containerId });
  for (let number = 0; number < EXECS; number += 1) {
    const execId = `exec-${number}`;
    const process = { Args: ['echo', execId], Env: ['PATH=/bin'], Cwd: '/' };
    await guest.agent.execProcess({ containerId, execId, process });
    const said = await readAll(guest, 'stdout', containerId, execId);
    const { status } = await guest.agent.waitProcess({ containerId, execId });
    if (status !== 0 || said !== `${execId}\n`) throw new Error(`${execId} exited with ${status} and printed ${said}`);
  }
}

interface ProcessorTime {
  readonly total: number;
  readonly idle: number;
}

/** Clock ticks of all processors since boot; I/O wait counts as idle. Source: proc(5). */
async function processorTime(): Promise<ProcessorTime> {
  const [, ...ticks] = (await readFile('/proc/stat', 'utf8')).split('\n', 1)[0]?.trim().split(/\s+/) ?? [];
  const numbers = ticks.map(Number);
  return { total: numbers.reduce((sum, tick) => sum + tick, 0), idle: (numbers[3] ?? 0) + (numbers[4] ?? 0) };
}

function busyShare(before: ProcessorTime, after: ProcessorTime): number {
  return 1 - (after.idle - before.idle) / (after.total - before.total);
}
