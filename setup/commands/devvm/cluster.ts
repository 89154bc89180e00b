import type { Config } from '../../config/validated.ts';
import { NODE_PROGRAMS, programIn } from '../../kubernetes/binaries.ts';

/** Why set-up cannot make the dev VM a Kubernetes node, which has none of its programs; `undefined` if it can, or need not. */
export async function whyNoCluster({
  kubernetes,
  kubernetesBundle: bundle,
}: Pick<Config, 'kubernetes' | 'kubernetesBundle'>): Promise<string | undefined> {
  if (kubernetes === 'no' || (kubernetes === 'auto' && bundle === undefined)) return undefined;
  if (bundle === undefined) {
    return 'KUBERNETES=yes: the dev VM reaches no network to install Kubernetes from; set KATA_KUBERNETES_BUNDLE, or KUBERNETES=auto for a node that it has';
  }
  for (const name of NODE_PROGRAMS) {
    if ((await programIn(bundle, name)) === undefined) {
      return `KATA_KUBERNETES_BUNDLE=${bundle}: it contains no executable bin/${name}, and the dev VM has none`;
    }
  }
  return undefined;
}
