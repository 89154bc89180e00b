import { fetchSnapshot } from '../../../helpers/git/export.ts';
import { listSnapshot } from '../../../helpers/git/listing.ts';
import { gitDirectory, gitStore } from '../../config/git-store.ts';
import type { ResolvedConfig, SourceRevision } from '../../config/resolved.ts';
import type { ServiceStep } from '../../step.ts';
import { packages } from '../packages.ts';

/** Step that fetches Kata's sources, if the inputs of the artefacts built from them are not known otherwise. */
export const fetchedSource: ServiceStep<void> = {
  kind: 'service',
  id: 'source',
  module: import.meta.url,
  title: 'Kata source',
  needs: () => [packages],
  quiet: true,
  timeoutMs: 600_000,
  async start({ config, say, signal }) {
    for (const { name, snapshot } of await unknownSources(config, signal)) {
      say(`fetching ${name}`);
      await fetchSnapshot(snapshot, gitStore(config), signal);
    }
  },
};

/** Whether the contents of Kata's sources are known without fetching anything. */
export async function isSourceKnown(config: ResolvedConfig): Promise<boolean> {
  return (await unknownSources(config)).length === 0;
}

async function unknownSources(config: ResolvedConfig, signal?: AbortSignal): Promise<readonly SourceRevision[]> {
  const { source, cdhBuild, containerdBuild, guestComponentsBuild, kbsBuild, kernelBuild, nydusBuild, qemuBuild } =
    config;
  const builds = [kernelBuild, qemuBuild, cdhBuild, guestComponentsBuild, kbsBuild, containerdBuild, nydusBuild];
  const unknown: SourceRevision[] = [];
  for (const revision of new Set([source, ...builds.map((build) => build?.packaging)])) {
    if (revision === undefined) continue;
    const listing = await listSnapshot(revision.snapshot, gitDirectory(config), signal);
    if (listing === undefined) unknown.push(revision);
  }
  return unknown;
}
