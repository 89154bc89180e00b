import { join } from 'node:path';
import { IMAGES } from '../../fixtures/images/catalogue.ts';
import { CONTAINERD_STATE, startContainerd } from '../../helpers/containerd/server.ts';
import type { ContainerdEndpoint } from '../../helpers/contract/target.ts';
import { KATA_HANDLER, KATA_RUNTIME } from '../../helpers/kata/names.ts';
import { loopbackForward } from '../../helpers/registry/guest-address.ts';
import type { ServiceStep } from '../step.ts';
import { images } from './images/images.ts';
import { passwordRegistry, registry } from './images/registry.ts';
import { packages } from './packages.ts';

/**
 * Shims of target `local`, which has no Kata shim: Kata's runtime name is mapped to runc's shim, and every report says
 * so.
 */
const RUNTIMES = { [KATA_RUNTIME]: '/usr/bin/containerd-shim-runc-v2' };

/** Step that starts a containerd for this run. */
export const containerd: ServiceStep<ContainerdEndpoint & { readonly pullImage: boolean }> = {
  kind: 'service',
  id: 'containerd',
  module: import.meta.url,
  title: 'containerd',
  needs: () => [packages, images, registry, passwordRegistry],
  timeoutMs: 60_000,
  async start({ owned, result, runDir, runId, signal }) {
    const started = owned.use(
      await startContainerd({
        dir: join(runDir, 'containerd'),
        cgroup: `kata-cc/${runId}/containerd`,
        runtimes: RUNTIMES,
        images: result(images).containerdArchive,
        cri: { sandboxImage: IMAGES.pause.reference, handlers: { [KATA_HANDLER]: KATA_RUNTIME } },
        forwards: [result(registry), result(passwordRegistry)].map(loopbackForward),
        signal,
      }),
    );
    const { stdout } = await started.namespaced.run(['ctr', 'shim', '--help'], { signal });
    return {
      socket: started.socket,
      state: CONTAINERD_STATE,
      initPid: started.namespaced.initPid,
      pullImage: /^\s+pull-image\b/m.test(stdout),
    };
  },
};
