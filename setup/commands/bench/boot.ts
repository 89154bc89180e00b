import { join } from 'node:path';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import type { GuestOptions } from '../../../fixtures/guest/options.ts';
import type { GuestMachine, Target } from '../../../helpers/contract/target.ts';
import { median } from '../../../helpers/text/statistics.ts';
import { loadConfig } from '../../config/config.ts';
import { type TargetedConfig, withTarget } from '../../config/validated.ts';
import { isMade } from '../../engine/artefact-cache.ts';
import { openSession } from '../../session/open-session.ts';
import type { Bench, BenchContext, Row } from './benchmark.ts';
import { bootKernelAlone, inBoots, machineOf } from './kernel-alone.ts';

const ROUNDS = 5;

/** Options that make a guest boot instead of being cloned: explicit machine options do, even empty ones. */
const COLD: GuestOptions = { machine: {} };

type Variant = Pick<TargetedConfig, 'kernel' | 'agent'>;

/**
 * Maximum time of a guest under software emulation, as a multiple of a boot of the distribution's kernel alone: 5, 3
 * and 1 seconds on a machine that boots the kernel in 2.1.
 */
const MOST_BOOTS = { distro: 2.3, build: 1.4, clone: 0.47 } as const;

/**
 * Time until a guest's agent answers, for booted guests and clones with each available kernel and agent, compared with
 * a boot of the distribution's kernel alone.
 */
export const boot: Bench = {
  name: 'boot',
  title: 'Guests: from the start of QEMU to the answer of the agent (median)',
  async run(context) {
    const config = withTarget('vm', loadConfig());
    const rows: Row[] = [];
    const notes: string[] = [];
    let alone: number | undefined;
    for (const variant of await variants(config, notes)) {
      const measured = await measureVariant(variant, context, alone);
      // The boot of the kernel alone is measured with the first variant, which has the distribution's kernel.
      alone = measured.alone;
      rows.push(...rowsOf(measured));
      if (!notes.includes(measured.machine.acceleration)) notes.push(measured.machine.acceleration);
    }
    return { rows, notes };
  },
};

/**
 * The variants to measure: our own kernel, which takes minutes to build, only if it is built already; a real agent only
 * if KATA_AGENT names one.
 */
async function variants(config: TargetedConfig, notes: string[]): Promise<readonly Variant[]> {
  const built = await isMade(join(config.cacheDir, 'kernel'), { kind: 'build' });
  if (!built) notes.push('our own kernel is not built: KATA_KERNEL=build pnpm test builds it');
  const real = ['auto', 'stand-in'].includes(config.agent) ? [] : [config.agent];
  if (real.length === 0) notes.push('no real agent was measured: set KATA_AGENT to one');
  const kernels = built ? (['distro', 'build'] as const) : (['distro'] as const);
  return kernels.flatMap((kernel) => ['stand-in', ...real].map((agent) => ({ kernel, agent })));
}

/** Times of one variant, in milliseconds. */
interface Variation {
  readonly agent: string;
  readonly machine: GuestMachine;
  /** Milliseconds of a boot of the distribution's kernel alone. */
  readonly alone: number;
  readonly booted: number;
  readonly cloned: number | undefined;
}

async function measureVariant(
  variant: Variant,
  { directory, say, signal }: BenchContext,
  alone: number | undefined,
): Promise<Variation> {
  await using session = await openSession({ changes: { ...variant, target: 'vm' }, log: say, signal });
  const { target } = session;
  const { agent } = target;
  const machine = machineOf(target);
  const launch = (name: string, options: GuestOptions) => medianOf(() => readyAfter(name, target, options, signal));
  return {
    agent: agent.kind === 'stand-in' ? 'stand-in' : `kata-agent ${agent.version}`,
    machine,
    alone: alone ?? (await medianOf(() => bootKernelAlone(machine, directory, signal))),
    booted: await launch('boot', COLD),
    cloned: typeof machine.template === 'string' ? undefined : await launch('clone', {}),
  };
}

function rowsOf({ agent, alone, booted, cloned, machine }: Variation): readonly Row[] {
  const { kernel } = machine;
  const row = (how: string, took: number, most: number): Row =>
    inBoots(machine, { what: `${kernel.release}, ${agent}: ${how}`, took, alone, most });
  return [
    row('booted', booted, kernel.kind === 'build' ? MOST_BOOTS.build : MOST_BOOTS.distro),
    ...(cloned === undefined ? [] : [row('cloned', cloned, MOST_BOOTS.clone)]),
  ];
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) times.push(await measure());
  return median(times);
}

/** Milliseconds until the agent of a new guest answers. */
async function readyAfter(id: string, target: Target, options: GuestOptions, signal: AbortSignal): Promise<number> {
  await using guest = await launchGuest(target, { sandboxId: id, options, signal });
  return guest.readyMs;
}
