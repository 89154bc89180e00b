import { readdir } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { cgroupDriver, criReady } from '../../helpers/containerd/cri-runtime.ts';
import { ctrOf } from '../../helpers/containerd/ctr.ts';
import { CRI_NAMESPACE } from '../../helpers/containerd/server.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { fileExists, isThere, namesIn } from '../../helpers/files.ts';
import { spawnDaemon } from '../../helpers/process/daemon.ts';
import { commandLine, run } from '../../helpers/process/exec.ts';
import { withoutProxyFor } from '../config/outbound.ts';
import type { Config } from '../config/validated.ts';
import { removeContentAtUndo } from '../installation/containerd-content.ts';
import { CONTAINERD, CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import type { Installation } from '../installation/installation.ts';
import { removeRemnantsAtUndo } from '../installation/remnants.ts';
import { SYSTEMD } from '../installation/systemd.ts';
import { undoScript } from '../installation/undo-script.ts';
import type { StepContext } from '../step.ts';
import { type Binaries, findBinaries, hasCrictl, imagesOf, versionOf } from './binaries.ts';
import { controlPlanePatches, KUBEADM_PATCHES } from './control-plane-patches.ts';
import { keepKernelSettings } from './kernel-settings.ts';
import {
  BRIDGE,
  CLUSTER_HOSTS,
  CNI_CONFIG,
  cniConfig,
  explained,
  KUBEADM_CONFIG,
  KUBELET_ARGUMENTS,
  KUBELET_UNIT,
  kubeadmConfig,
  kubeletUnit,
  skippedPhases,
} from './node-config.ts';
import { resetNode } from './reset.ts';

/** Timeout for the start of Kubernetes' control plane, in minutes; under software emulation it takes two. */
const CONTROL_PLANE_MINUTES = 20;
const TRIES = 2;
const CTR = ctrOf(CONTAINERD, CRI_NAMESPACE);
const FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
const KUBERNETES = '/etc/kubernetes';
/** Directories that the kubelet and CNI create and do not remove. */
const MADE_BY_NODE = ['/usr/libexec/kubernetes/kubelet-plugins/volume/exec', '/var/lib/cni/networks'];

/** Context of making this machine a Kubernetes node. */
export interface NodeContext extends Pick<StepContext, 'say' | 'signal'> {
  readonly config: Pick<Config, 'kubernetesBundle' | 'kubernetesImages' | 'kubernetesRepository' | 'outbound'>;
  /** Owner of the run's resources, which ends a kubelet started without systemd; absent for commands of `pnpm ccv0`. */
  readonly owned?: StepContext['owned'];
  readonly runDir?: string;
}

/**
 * Makes this machine a Kubernetes node with its own control plane. `installation` records what this installs, and the
 * command that resets the node. If the start fails twice, the node is reset and {@link ProvisionError} thrown.
 */
export async function bringUpNode(installation: Installation, context: NodeContext): Promise<void> {
  const { config, say, signal } = context;
  await refuseForeignNode();
  const binaries = await findBinaries(installation, context);
  const version = await versionOf(binaries.kubeadm, signal);
  const runtime = await criReady(CONTAINERD_SOCKET, { signal });
  // Registered before anything runs: undo removes what the node leaves after it has reset the node.
  await removeRemnantsAtUndo(installation, 'node');
  await removeContentAtUndo(installation, { namespace: CRI_NAMESPACE });
  await importImages(config.kubernetesBundle, context);
  await keepKernelSettings(installation);
  await run(['sysctl', '--write', 'net.ipv4.ip_forward=1'], { signal });
  // The daemon-reload is registered before anything runs: as the first deferred command it runs last in undo, after the
  // unit files are removed.
  const systemd = await fileExists(SYSTEMD);
  if (systemd) await installation.defer(['systemctl', 'daemon-reload']);
  const { confDir } = runtime.config.cni;
  if (!(await hasNetwork(confDir))) await installation.write(join(confDir, CNI_CONFIG), cniConfig());
  await installation.write(
    KUBEADM_CONFIG,
    kubeadmConfig({
      version,
      name: hostname().toLowerCase(),
      address: await nodeAddress(),
      socket: CONTAINERD_SOCKET,
      cgroupDriver: cgroupDriver(runtime.config),
      imageRepository: config.kubernetesImages,
      minutes: CONTROL_PLANE_MINUTES,
    }),
  );
  for (const { name, patch } of controlPlanePatches()) {
    await installation.write(join(KUBEADM_PATCHES, name), patch);
  }
  if (systemd && !(await hasUnit())) await installation.write(KUBELET_UNIT, kubeletUnit(binaries.kubelet));
  for (const directory of MADE_BY_NODE) await installation.directory(directory);
  await installation.defer(resetCommand(binaries));
  if (systemd) await run(['systemctl', 'daemon-reload'], { signal });
  else await runKubelet(binaries, context);
  say(`kubeadm ${version}: starting the control plane; one to two minutes`);
  await initialise(binaries, context);
}

/**
 * Throws if this machine already is a node of another Kubernetes cluster. Directories that a reset left empty do not
 * count.
 */
async function refuseForeignNode(): Promise<void> {
  if (!(await isThere(KUBERNETES))) return;
  const entries = await readdir(KUBERNETES, { recursive: true, withFileTypes: true });
  const left = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  if (left.length === 0) return;
  throw new ProvisionError(
    'kubernetes',
    `${KUBERNETES} contains ${left.join(', ')} but no cluster responds. Run \`pnpm teardown\` for a cluster made by this project, \`kubeadm reset\` for any other`,
  );
}

async function importImages(bundle: string | undefined, { say, signal }: NodeContext): Promise<void> {
  const archives = await imagesOf(bundle);
  for (const [index, archive] of archives.entries()) {
    say(`importing image ${index + 1} of ${archives.length}`);
    await run([...CTR, 'images', 'import', archive], { signal });
  }
}

async function hasNetwork(directory: string): Promise<boolean> {
  return (await namesIn(directory)).some((name) => /\.conf(list)?$/.test(name));
}

async function hasUnit(): Promise<boolean> {
  return (await run(['systemctl', 'cat', 'kubelet'], { okCodes: [0, 1] })).exitCode === 0;
}

/** This machine's address on its default route; without one, its first address. */
async function nodeAddress(): Promise<string> {
  const { stdout } = await run(['ip', '-4', 'route', 'show', 'default']);
  const wayOut = /\bdev (\S+)/.exec(stdout)?.[1];
  const found = Object.entries(networkInterfaces())
    .filter(([name]) => name !== BRIDGE)
    .sort(([one], [two]) => Number(two === wayOut) - Number(one === wayOut))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined)
    throw new ProvisionError('kubernetes', 'this machine has no IPv4 address other than loopback');
  return found.address;
}

/** Starts a kubelet on a machine without systemd; the kubelet ends with the run, which then resets the node. */
async function runKubelet({ kubeadm, kubelet }: Binaries, { owned, runDir }: NodeContext): Promise<void> {
  if (owned === undefined || runDir === undefined) {
    throw new ProvisionError(
      'kubernetes',
      'this machine has no systemd, so the kubelet only lives as long as a run of the suites: run `KUBERNETES=yes KATA_TARGET=kata pnpm test`',
    );
  }
  owned.defer(() => resetNode(kubeadm));
  const start = `until [ -f ${FLAGS} ]; do sleep 0.2; done; . ${FLAGS}; exec ${commandLine([kubelet, ...KUBELET_ARGUMENTS])} $KUBELET_KUBEADM_ARGS`;
  owned.use(await spawnDaemon(['sh', '-c', start], { logFile: `${runDir}/kubelet.log` }));
}

async function initialise({ kubeadm }: Binaries, { config, say, signal }: NodeContext): Promise<void> {
  const brought = { hasCrictl: await hasCrictl(), broughtAlong: config.kubernetesBundle !== undefined };
  const { stdout } = await run([...CTR, 'images', 'list', '--quiet'], { signal });
  const skipped = skippedPhases(brought, stdout.split('\n'));
  if (skipped.length > 0) say(`kubeadm skips the phases ${skipped.join(', ')}`);
  const skip = skipped.length > 0 ? ['--skip-phases', skipped.join(',')] : [];
  const init = [kubeadm, 'init', '--config', KUBEADM_CONFIG, ...skip];
  for (let attempt = 1; ; attempt += 1) {
    try {
      await run(init, {
        env: withoutProxyFor([await nodeAddress(), ...CLUSTER_HOSTS], config.outbound.network),
        signal,
      });
      return;
    } catch (error) {
      signal.throwIfAborted();
      const again = attempt < TRIES;
      say(`${explained(messageOf(error))}\nresetting the node${again ? ' and trying once more' : ''}`);
      await resetNode(kubeadm);
      if (!again) throw new ProvisionError('kubernetes', explained(messageOf(error)), { cause: error });
    }
  }
}

function resetCommand({ kubeadm }: Binaries): string[] {
  return undoScript('setup/kubernetes/reset-command.ts', kubeadm);
}
