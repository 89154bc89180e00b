import { join } from 'node:path';
import { launchGuest } from '../../../fixtures/guest/guest.ts';
import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { pullImage } from '../../../fixtures/pull/by-skopeo.ts';
import { renderTable, type Table, writeTable } from '../../../helpers/contract/table.ts';
import type { Target } from '../../../helpers/contract/target.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { loadConfig } from '../../config/config.ts';
import { takeOverSignals } from '../../engine/interrupt.ts';
import { openSession } from '../../session/open-session.ts';
import { growth, type Sample, takeSample } from './growth.ts';
import { SAMPLES } from './samples.ts';

const AT_ONCE = 2;
/** Share of the run, in which caches fill and code is compiled, before the first sample that counts. */
const WARM = 0.2;
/** Tolerated growth of memory between two samples, in MiB. */
const BREATH_MIB = 32;

/** Starts and stops guests, pulls images, and sets the exit code to 1 if a resource grows. Both are at least `SAMPLES`. */
export async function runSoak({ guests, pulls }: { readonly guests: number; readonly pulls: number }): Promise<void> {
  if (loadConfig().policy !== undefined) {
    throw new ConfigError(
      "KATA_POLICY: `pnpm kata soak` needs upstream's policy, which rejects some of its pulls; unset KATA_POLICY",
    );
  }
  const signal = takeOverSignals(() => {});
  await using session = await openSession({ targetForAuto: 'local', signal });
  const { target } = session;
  const samples: { readonly guests: number; readonly pulls: number; readonly sample: Sample }[] = [];
  const begun = performance.now();
  let [gone, pulled] = [0, 0];
  for (let batch = 1; batch <= SAMPLES; batch += 1) {
    const until = Math.round((guests * batch) / SAMPLES);
    const worker = async (): Promise<void> => {
      while (gone < until) {
        signal.throwIfAborted();
        gone += 1;
        const number = gone;
        const share = Math.round((pulls * number) / guests) - Math.round((pulls * (number - 1)) / guests);
        await oneGuest(target, number, share, signal);
        pulled += share;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    samples.push({ guests: gone, pulls: pulled, sample: await takeSample(target) });
    console.log(`${gone} guests, ${pulled} pulls: ${JSON.stringify(samples.at(-1)?.sample)}`);
  }
  const warm = samples[Math.floor(SAMPLES * WARM)]?.sample;
  const last = samples.at(-1)?.sample;
  if (!warm || !last) throw new Error('no sample was taken');
  const grown = growth(warm, last, BREATH_MIB);
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  const verdict = grown.length === 0 ? 'flat' : grown.join('; ');
  const table: Table = {
    title: 'Leaks: guests created and destroyed, images pulled',
    columns: ['guests', 'pulls', ...Object.keys(last)],
    rows: samples.map(({ sample, ...done }) => [done.guests, done.pulls, ...Object.values(sample)].map(String)),
    notes: [target.banner, `${seconds} s, ${AT_ONCE} concurrent guests; sampled while no guest existed: ${verdict}`],
  };
  const file = join(loadConfig().reportsDir, 'soak.json');
  await writeTable(file, table);
  console.log(`${renderTable(table)}\nwritten to ${file}`);
  if (grown.length > 0) process.exitCode = 1;
}

/** Starts a guest, pulls images, of which every tenth is rejected by the policy, and stops the guest. */
async function oneGuest(target: Target, number: number, pulls: number, signal: AbortSignal) {
  await using guest = await launchGuest(target, { sandboxId: `soak-${number}`, signal });
  for (let pull = 0; pull < pulls; pull += 1) {
    const refused = pull % 10 === 9;
    const image = refused ? IMAGES.noSignature : IMAGES.busybox;
    const outcome = await pullImage(guest, { image: image.reference, containerId: `pull-${pull}`, signal });
    if ((outcome.status === 'ok') === refused || outcome.leftover) {
      throw new Error(`guest ${number}, pull ${pull} of ${image.reference}: ${JSON.stringify(outcome)}`);
    }
  }
}
