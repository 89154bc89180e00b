import { readdir } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { CRI_NAMESPACE } from '../../helpers/containerd.ts';
import { cgroupDriver, criReady } from '../../helpers/cri-runtime.ts';
import { ctrOf } from '../../helpers/ctr.ts';
import { spawnDaemon } from '../../helpers/daemon.ts';
import { messageOf, ProvisionError } from '../../helpers/errors.ts';
import { commandLine, run } from '../../helpers/exec.ts';
import { fileExists, isThere, namesIn } from '../../helpers/files.ts';
import type { Config } from '../config.ts';
import { CONTAINERD_SOCKET } from '../installation/containerd-endpoint.ts';
import type { Installation } from '../installation/installation.ts';
import { SYSTEMD } from '../installation/systemd.ts';
import { withoutProxyFor } from '../outbound.ts';
import type { StepContext } from '../step.ts';
import { projectPath } from '../steps/project.ts';
import { type Binaries, findBinaries, hasCrictl, imagesOf, versionOf } from './binaries.ts';
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

/** How long the control plane may take, in minutes: emulated, it takes two. */
const CONTROL_PLANE_MINUTES = 20;
const TRIES = 2;
const CTR = ctrOf(CONTAINERD_SOCKET, CRI_NAMESPACE);
const FLAGS = '/var/lib/kubelet/kubeadm-flags.env';
const KUBERNETES = '/etc/kubernetes';
/** Directories that a kubelet and CNI make and nobody removes. */
const MADE_BY_NODE = ['/usr/libexec/kubernetes/kubelet-plugins/volume/exec', '/var/lib/cni/networks'];

/** What bringing up a node goes by. */
export interface NodeContext extends Pick<StepContext, 'say' | 'signal'> {
  readonly config: Pick<Config, 'kubernetesBundle' | 'kubernetesImages' | 'kubernetesRepository' | 'outbound'>;
  /** Of a run, which a kubelet without systemd ends with; a command of ours has none. */
  readonly owned?: StepContext['owned'];
  readonly runDir?: string;
}

/**
 * Makes this machine a node with a control plane of its own. What it installs goes through `installation`, with the way
 * to take the node apart. When it fails twice the node is taken apart, and this throws {@link ProvisionError}.
 */
export async function bringUpNode(installation: Installation, context: NodeContext): Promise<void> {
  const { config, say, signal } = context;
  await refuseForeignNode();
  const binaries = await findBinaries(installation, context);
  const version = await versionOf(binaries.kubeadm, signal);
  const runtime = await criReady(CONTAINERD_SOCKET, { signal });
  await importImages(config.kubernetesBundle, context);
  await forwardPackets(installation);
  // Until here nothing runs. Deferred first, it is undone last: after the files, by the time nothing needs them.
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
  if (systemd && !(await hasUnit())) await installation.write(KUBELET_UNIT, kubeletUnit(binaries.kubelet));
  for (const directory of MADE_BY_NODE) await installation.directory(directory);
  await installation.defer(resetCommand(binaries));
  if (systemd) await run(['systemctl', 'daemon-reload'], { signal });
  else await runKubelet(binaries, context);
  say(`kubeadm ${version}: control plane; a minute or two`);
  await initialise(binaries, context);
}

/** Whoever has a node here already keeps it. Directories that a reset left empty are nobody's. */
async function refuseForeignNode(): Promise<void> {
  if (!(await isThere(KUBERNETES))) return;
  const entries = await readdir(KUBERNETES, { recursive: true, withFileTypes: true });
  const left = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  if (left.length === 0) return;
  throw new ProvisionError(
    'kubernetes',
    `${KUBERNETES} has ${left.join(', ')} in it, and no cluster answers: \`pnpm teardown\` takes apart what is left of one of ours, \`kubeadm reset\` of another`,
  );
}

async function importImages(bundle: string | undefined, { say, signal }: NodeContext): Promise<void> {
  const archives = await imagesOf(bundle);
  for (const [index, archive] of archives.entries()) {
    say(`image ${index + 1} of ${archives.length}`);
    await run([...CTR, 'images', 'import', archive], { signal });
  }
}

async function forwardPackets(installation: Installation): Promise<void> {
  const setting = 'net.ipv4.ip_forward';
  const now = (await run(['sysctl', '--values', setting])).stdout.trim();
  if (now === '1') return;
  await installation.defer(['sysctl', '--write', `${setting}=${now}`]);
  await run(['sysctl', '--write', `${setting}=1`]);
}

async function hasNetwork(directory: string): Promise<boolean> {
  return (await namesIn(directory)).some((name) => /\.conf(list)?$/.test(name));
}

async function hasUnit(): Promise<boolean> {
  return (await run(['systemctl', 'cat', 'kubelet'], { okCodes: [0, 1] })).exitCode === 0;
}

/** This machine's address on the way out of it; where there is none, the first it has. */
async function nodeAddress(): Promise<string> {
  const { stdout } = await run(['ip', '-4', 'route', 'show', 'default']);
  const wayOut = /\bdev (\S+)/.exec(stdout)?.[1];
  const found = Object.entries(networkInterfaces())
    .filter(([name]) => name !== BRIDGE)
    .sort(([one], [two]) => Number(two === wayOut) - Number(one === wayOut))
    .flatMap(([, addresses]) => addresses ?? [])
    .find(({ family, internal }) => family === 'IPv4' && !internal);
  if (found === undefined) throw new ProvisionError('kubernetes', 'this machine has no IPv4 address but the loopback');
  return found.address;
}

/** Without systemd the kubelet is ours, and ends with the run; the node is taken apart then. */
async function runKubelet({ kubeadm, kubelet }: Binaries, { owned, runDir }: NodeContext): Promise<void> {
  if (owned === undefined || runDir === undefined) {
    throw new ProvisionError(
      'kubernetes',
      'there is no systemd: a kubelet then lives as long as a run of the suites, and `KUBERNETES=yes KATA_TARGET=kata pnpm test` starts one',
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
  if (skipped.length > 0) say(`kubeadm leaves out ${skipped.join(', ')}`);
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
      say(`${explained(messageOf(error))}\ntaking the node apart${again ? ', and trying once more' : ''}`);
      await resetNode(kubeadm);
      if (!again) throw new ProvisionError('kubernetes', explained(messageOf(error)), { cause: error });
    }
  }
}

function resetCommand({ kubeadm }: Binaries): string[] {
  const node = [process.execPath, 'setup/kubernetes/reset-command.ts', kubeadm];
  return ['env', '-C', projectPath('.'), ...node];
}
