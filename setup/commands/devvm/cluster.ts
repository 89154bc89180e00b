import type { Config } from '../../config/validated.ts';

/** Why set-up cannot make the dev VM a Kubernetes node; `undefined` if it can, or need not. */
export function whyNoCluster({
  kubernetes,
  kubernetesBundle,
}: Pick<Config, 'kubernetes' | 'kubernetesBundle'>): string | undefined {
  if (kubernetes !== 'yes' || kubernetesBundle !== undefined) return undefined;
  return 'KUBERNETES=yes: the dev VM reaches no network to install Kubernetes from; set KATA_KUBERNETES_BUNDLE, or KUBERNETES=auto for a node that it has';
}
