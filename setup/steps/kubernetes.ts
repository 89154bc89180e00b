import type { ClusterEndpoint } from '../../helpers/target.ts';
import type { Config } from '../config.ts';
import { haveCluster } from '../kubernetes/cluster.ts';
import type { ServiceStep } from '../step.ts';
import { installationOf, kataInstallation } from './kata-installation.ts';

/** A cluster whose only node is this machine; it stays until it is undone. */
export function kubernetes({ bundle }: Pick<Config, 'bundle'>): ServiceStep<ClusterEndpoint> {
  return {
    kind: 'service',
    id: 'kubernetes',
    title: 'Kubernetes on this machine',
    needs: [kataInstallation({ bundle })],
    timeoutMs: 2_400_000,
    start: (context) => haveCluster(installationOf(context.config), context),
  };
}
