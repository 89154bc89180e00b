import { type Guest, launchGuest } from '../../../fixtures/guest/guest.ts';
import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { policyPath } from '../../../fixtures/images/policies.ts';
import { skopeoCopy } from '../../../fixtures/stand-in-agent/services/image-service.ts';
import { commandLine } from '../../../helpers/process/exec.ts';
import { median } from '../../../helpers/text/statistics.ts';
import { loadConfig } from '../../config/config.ts';
import type { Config } from '../../config/validated.ts';
import { openSession } from '../../session/open-session.ts';
import type { Bench, BenchContext, Row } from './benchmark.ts';

const ROUNDS = 5;
const PULLED = { 'busybox, 2 MB': IMAGES.busybox.reference, 'large, 100 MB': IMAGES.large.reference } as const;

/**
 * Bench of a pull through the agent, compared with skopeo and umoci alone, in the same guest and from the same
 * registry.
 */
export const pull: Bench = {
  name: 'pull',
  title: 'PullImage of the agent compared with skopeo and umoci alone',
  async run(context) {
    const { agent } = loadConfig();
    const real = agent === 'auto' || agent === 'stand-in' ? [] : [await compare(context, {})];
    const all = [await compare(context, { agent: 'stand-in' }), ...real];
    const missing = real.length === 0 ? ['no real agent was measured: set KATA_AGENT to one'] : [];
    return { rows: all.flatMap(({ rows }) => rows), notes: [...all.map(({ banner }) => banner), ...missing] };
  },
};

async function compare(
  { say, signal }: BenchContext,
  changes: Partial<Config>,
): Promise<{ rows: readonly Row[]; banner: string }> {
  await using session = await openSession({ changes, targetForAuto: 'local', signal });
  const { target } = session;
  const rows: Row[] = [];
  for (const [name, image] of Object.entries(PULLED)) {
    say(`${target.agent.kind}: ${name}`);
    const [through, alone]: [number[], number[]] = [[], []];
    for (let round = 0; round <= ROUNDS; round += 1) {
      // Each round gets a new guest: pulled images fill its memory.
      await using guest = await launchGuest(target, { sandboxId: `bench-pull-${rows.length}-${round}`, signal });
      const agent = await took(() => guest.agent.pullImage({ image, containerId: 'through' }));
      const tools = await took(() => skopeoAndUmoci(guest, image));
      // The first pull is not measured: it warms the registry and the page cache.
      if (round > 0) {
        through.push(agent);
        alone.push(tools);
      }
    }
    const [a, b] = [median(through), median(alone)];
    rows.push({
      what: `${name}: PullImage of the ${target.agent.kind}`,
      figure: `${a.toFixed(0)} ms`,
      beside: `skopeo + umoci: ${b.toFixed(0)} ms`,
      ratio: a / b,
      wanted: { bound: '<= 1.10 x the time', kept: a / b <= 1.1 },
    });
  }
  return { rows, banner: target.banner };
}

async function skopeoAndUmoci(guest: Guest, image: string): Promise<void> {
  const layout = '/tmp/alone/image_oci:latest';
  const copy = skopeoCopy({ image, layout, policy: policyPath('quay_policy.json'), authFile: undefined });
  const unpack = ['umoci', 'unpack', '--image', layout, '/run/kata-containers/alone'];
  // All steps are one command, because entering the guest for each would take time.
  const steps = [['mkdir', '-p', layout], copy, unpack, ['rm', '-r', '/tmp/alone']].map(commandLine);
  await guest.run(['sh', '-c', steps.join(' > /dev/null && ')]);
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
