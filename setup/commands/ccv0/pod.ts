import { homedir } from 'node:os';
import { join } from 'node:path';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { KATA_HANDLER } from '../../../helpers/kata/names.ts';
import { ADMIN_KUBECONFIG, type Cluster, connectCluster } from '../../../helpers/kubernetes/cluster.ts';
import { isTaken } from '../../../helpers/kubernetes/error.ts';
import { type PodManifest, readPodManifest } from '../../../helpers/kubernetes/manifest.ts';
import { type ClusterPod, podOf } from '../../../helpers/kubernetes/pod.ts';
import { podLine } from '../../../helpers/kubernetes/pod-report.ts';
import { installationOf } from '../../installation/installation.ts';
import type { Build } from './build.ts';

/** Manifest of CCv0's test pod, at the path that ccv0.sh uses. Users edit the file to change the image. */
const POD_FILE = join(homedir(), 'nginx-kata.yaml');
const POD = `apiVersion: v1
kind: Pod
metadata:
  name: nginx-kata
spec:
  runtimeClassName: ${KATA_HANDLER}
  containers:
  - name: nginx
    image: nginx
`;

/** Timeout of each wait for the pod, in milliseconds. */
const WAIT_MS = 120_000;

/**
 * Writes the manifest of CCv0's test pod, unless the file exists, because a user may have edited it. Returns its path.
 */
export async function writePodFile(context: Build): Promise<string> {
  if (!(await fileExists(POD_FILE))) await installationOf(context.config).write(POD_FILE, POD);
  return POD_FILE;
}

/** Creates CCv0's test pod and prints its status, without waiting for the pod. */
export async function createKataPod(context: Build): Promise<void> {
  const { cluster, manifest, pod, shown } = await kataPod(context);
  try {
    const { namespace } = pod;
    await cluster.ask(`creating ${shown}`, () => cluster.core.createNamespacedPod({ namespace, body: manifest }));
    console.log(`${shown} created`);
  } catch (error) {
    if (!isTaken(error)) throw error;
    console.log(`${shown} already exists`);
  }
  console.log(podLine(await pod.look()));
}

/** Deletes CCv0's test pod, and waits until it is gone. */
export async function deleteKataPod(context: Build): Promise<void> {
  const { pod, shown } = await kataPod(context);
  await pod.remove();
  console.log(`${shown} deleted`);
}

async function kataPod(
  context: Build,
): Promise<{ cluster: Cluster; manifest: PodManifest; pod: ClusterPod; shown: string }> {
  if (!(await fileExists(ADMIN_KUBECONFIG))) {
    throw new ConfigError(`there is no cluster: ${ADMIN_KUBECONFIG} does not exist; run \`pnpm ccv0 init_kubernetes\``);
  }
  const manifest = await readPodManifest(await writePodFile(context));
  const cluster = await connectCluster(ADMIN_KUBECONFIG);
  const { name, namespace } = manifest.metadata;
  return { cluster, manifest, pod: podOf(cluster, namespace, name, WAIT_MS), shown: `pod/${name}` };
}
