import { fetchSnapshot } from '../../helpers/git/export.ts';
import { listSnapshot } from '../../helpers/git/listing.ts';
import { gitStore } from '../config.ts';
import type { Settled } from '../settle.ts';
import type { ServiceStep } from '../step.ts';
import { packages } from './packages.ts';

/** Kata's source, as far as it has to be here to know what is to be built of it. */
export const fetchedSource: ServiceStep<void> = {
  kind: 'service',
  id: 'source',
  title: "Kata's source",
  needs: [packages],
  timeoutMs: 600_000,
  async start({ config, say, signal }) {
    if (config.source === undefined || (await isSourceKnown(config, signal))) return;
    say(`fetching ${config.source.name}`);
    await fetchSnapshot(config.source.snapshot, gitStore(config), signal);
  },
};

/** Whether it can be told, without fetching anything, what the source holds. */
export async function isSourceKnown(config: Settled, signal?: AbortSignal): Promise<boolean> {
  if (config.source === undefined) return true;
  return (await listSnapshot(config.source.snapshot, gitStore(config), signal)) !== undefined;
}
