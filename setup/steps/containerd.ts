import { join } from 'node:path';
import { IMAGES } from '../../fixtures/images/catalogue.ts';
import { criReady } from '../../helpers/containerd/cri-runtime.ts';
import { CONTAINERD_STATE, startContainerd } from '../../helpers/containerd/server.ts';
import type { ContainerdEndpoint } from '../../helpers/contract/target.ts';
import { KATA_HANDLER, KATA_RUNTIME } from '../../helpers/kata/names.ts';
import { loopbackForward } from '../../helpers/registry/guest-address.ts';
import type { ServiceStep } from '../step.ts';
import { containerdProgramsOf, containerdSteps } from './containerd-programs.ts';
import { images } from './images/images.ts';
import { passwordRegistry, registry } from './images/registry.ts';
import { packages } from './packages.ts';

/** The containerd of a run. */
interface RunningContainerd extends ContainerdEndpoint {
  readonly version: string;
}

/** Step that starts a containerd for this run. */
export const containerd: ServiceStep<RunningContainerd> = {
  kind: 'service',
  id: 'containerd',
  module: import.meta.url,
  title: 'containerd',
  needs: (config) => [packages, images, registry, passwordRegistry, ...containerdSteps(config)],
  timeoutMs: 60_000,
  async start({ config, owned, result, runDir, runId, signal }) {
    const programs = await containerdProgramsOf(config, { result });
    const started = owned.use(
      await startContainerd({
        dir: join(runDir, 'containerd'),
        cgroup: `kata-cc/${runId}/containerd`,
        programs,
        // Target `local` has no Kata shim: Kata's runtime name is mapped to runc's shim, and every report says so.
        runtimes: [KATA_RUNTIME],
        images: result(images).containerdArchive,
        cri: { sandboxImage: IMAGES.pause.reference, handlers: { [KATA_HANDLER]: KATA_RUNTIME } },
        forwards: [result(registry), result(passwordRegistry)].map(loopbackForward),
        signal,
      }),
    );
    const { version } = await criReady(started.socket, { handler: KATA_HANDLER, signal });
    return {
      socket: started.socket,
      state: CONTAINERD_STATE,
      ctr: programs.ctr,
      version: version.replace(/^containerd v?/, ''),
      initPid: started.namespaced.initPid,
    };
  },
};
