import { join } from 'node:path';
import { launchGuest } from '../../fixtures/guest.ts';
import type { GuestOptions } from '../../fixtures/guest-options.ts';
import type { Target } from '../../helpers/target.ts';
import { loadAgentProtos } from '../../protos/load.ts';
import { isMade } from '../artefact-cache.ts';
import { carryOut } from '../carry-out.ts';
import { aimedAt, loadConfig, type TargetedConfig } from '../config.ts';
import { plan } from '../plan.ts';
import { settle } from '../settle.ts';
import { describeTarget } from '../target.ts';
import type { Bench, BenchContext, Row } from './bench.ts';
import { summarise } from './measure.ts';

const ROUNDS = 5;

/** A machine that was asked to differ in nothing: it is booted, not cloned. */
const COLD: GuestOptions = { machine: {} };

type Variant = Pick<TargetedConfig, 'kernel' | 'agent'>;

/** How long a guest takes until its agent answers: booted, beside cloned; each kernel and agent there is. */
export const boot: Bench = {
  name: 'boot',
  title: 'Guests: from the start of QEMU to the answer of the agent, in seconds (median)',
  async run(context) {
    const config = aimedAt('vm', loadConfig());
    const rows: Row[] = [];
    const notes: string[] = [];
    for (const variant of await variants(config, notes)) {
      const { acceleration, row } = await measureVariant({ ...config, ...variant }, context);
      rows.push(row);
      if (!notes.includes(acceleration)) notes.push(acceleration);
    }
    return { rows, notes };
  },
};

/** The own kernel takes minutes to build, and is measured once it is there; so is a real agent, when one is named. */
async function variants(config: TargetedConfig, notes: string[]): Promise<readonly Variant[]> {
  const built = await isMade(join(config.cacheDir, 'kernel'), { kind: 'build' });
  if (!built) notes.push('the own kernel is not built: KATA_KERNEL=build pnpm test builds it');
  const real = ['auto', 'stand-in'].includes(config.agent) ? [] : [config.agent];
  if (real.length === 0) notes.push('no real agent: name one with KATA_AGENT');
  const kernels = built ? (['distro', 'build'] as const) : (['distro'] as const);
  return kernels.flatMap((kernel) => ['stand-in', ...real].map((agent) => ({ kernel, agent })));
}

async function measureVariant(
  asked: TargetedConfig,
  { say, signal }: BenchContext,
): Promise<{ row: Row; acceleration: string }> {
  const config = await settle(asked, signal);
  await using world = await carryOut(plan(config), config, signal, { say });
  const target = await describeTarget(config, world);
  const booted = await medianOf('boot', target, COLD, signal);
  const cloned = typeof target.machine?.template === 'string' ? undefined : await medianOf('clone', target, {}, signal);
  const agent = target.agent.kind === 'stand-in' ? 'stand-in' : `kata-agent ${target.agent.version}`;
  return {
    acceleration: target.machine?.acceleration ?? '',
    row: {
      what: `${target.machine?.kernel.release}, ${agent}: booted`,
      figure: seconds(booted),
      ...(cloned === undefined ? {} : { beside: `cloned ${seconds(cloned)}`, ratio: booted / cloned }),
    },
  };
}

async function medianOf(name: string, target: Target, options: GuestOptions, signal: AbortSignal): Promise<number> {
  const protos = loadAgentProtos({ generation: target.agent.generation, directory: target.protos });
  const times: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await using guest = await launchGuest(target, protos, `${name}-${round}`, options, signal);
    times.push(guest.readyMs);
  }
  return summarise(times, 1).p50;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(2)} s`;
}
