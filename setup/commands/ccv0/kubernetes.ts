import { takeOverSignals } from '../../engine/interrupt.ts';
import { installContainerdConfig } from '../../installation/containerd-service.ts';
import { installationOf } from '../../installation/installation.ts';
import { pauseImageOf } from '../../kubernetes/binaries.ts';
import { provideCluster } from '../../kubernetes/cluster.ts';
import type { Build } from './build.ts';
import { writePodFile } from './pod.ts';

/** Creates a Kubernetes cluster on this machine and writes the manifest of CCv0's test pod. */
export async function initKubernetes(context: Build): Promise<void> {
  const signal = takeOverSignals(() => {});
  const say = (text: string): void => console.log(text);
  const installed = installationOf(context.config);
  const pauseImage = await pauseImageOf(context.config.kubernetesBundle);
  await installContainerdConfig(installed, { pauseImage, say, signal });
  const { kubeconfig } = await provideCluster(installed, { config: context.config, say, signal });
  console.log(`the node is Ready: kubectl --kubeconfig ${kubeconfig}; the pod is in ${await writePodFile(context)}`);
}
