import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CONTAINERD_PROGRAMS, programsIn } from '../../../helpers/containerd/programs.ts';
import type { Component, ComponentProgram } from '../../../helpers/contract/component.ts';
import type { AgentUnderTest, ReusePort } from '../../../helpers/contract/target.ts';
import type { VerityParameters } from '../../../helpers/disk/verity.ts';
import { ConfigError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import type { DeclaredVersions } from '../../../helpers/kata/declared-versions.ts';
import { CLH_FILE, type KataHypervisor } from '../../../helpers/kata/hypervisors.ts';
import { KATA_CTL_FILE } from '../../../helpers/kata/kata-ctl.ts';
import type { KataRuntime } from '../../../helpers/kata/runtimes.ts';
import { NYDUS_PROGRAMS, nydusIn } from '../../../helpers/nydus/snapshotter.ts';
import { declaredBy } from '../../config/declared-versions.ts';
import { gitStore } from '../../config/git-store.ts';
import { sourceDigest, VERSIONS_PART } from '../../config/source-paths.ts';
import type { Config } from '../../config/validated.ts';
import type { ArtefactStep } from '../../step.ts';
import { needsPolicy, POLICY } from '../agent/default-policy.ts';
import { guestPrograms } from '../agent/guest-programs.ts';
import { builtAgent } from '../agent/kata-agent.ts';
import { reusePort } from '../agent/reuse-port.ts';
import { clhOf, clhSteps } from '../clh.ts';
import { containerdOf, containerdSteps } from '../containerd-programs.ts';
import { guestEtc } from '../images/guest-etc.ts';
import { kbsOf, kbsSteps } from '../kbs.ts';
import { kernel } from '../kernel/kernel.ts';
import { nydusOf, nydusSteps } from '../nydus.ts';
import { type BuiltQemu, kataQemu } from '../qemu/kata-qemu.ts';
import { rootfsKind } from '../vm/rootfs.ts';
import { kataCtlSteps } from './kata-ctl.ts';
import { kataImage, verityOf } from './kata-image.ts';
import { builtRuntimeOf, runtimeStep } from './runtime-step.ts';

/** Directory of Kata's kernel and image on a machine where Kata is installed. Source: upstream's makefiles. */
const KATA_SHARE = '/usr/share/kata-containers';
export const KERNEL_FILE = `${KATA_SHARE}/vmlinux.container`;
export const IMAGE_FILE = `${KATA_SHARE}/kata-containers.img`;

/** File names in the artefact of a Kata install bundle. */
const ROOT = 'root';
const DESCRIPTION = 'bundle.json';
const AGENT = 'kata-agent';
const KBS = 'kbs';
const PROTOS = 'protos';
const CONTAINERD = 'containerd';
const NYDUS = 'nydus';

/** A complete Kata build that can be installed on this machine, or on one that builds nothing. */
export interface KataBundle {
  readonly directory: string;
  /** Path of the bundle's tree, to copy over `/`. */
  readonly root: string;
  readonly agent: AgentUnderTest;
  /** The bundle's runtime; absent in bundles of earlier versions of this project, which have the Go runtime. */
  readonly runtime?: KataRuntime;
  readonly kernelRelease: string;
  /** The bundle's QEMU; absent if the bundle uses the distribution's. */
  readonly qemu?: BuiltQemu;
  /** The bundle's Cloud Hypervisor, in its tree; absent if the bundle has none, and its guests run in QEMU. */
  readonly clh?: Component;
  /** Set if the bundle has kata-ctl, in its tree. */
  readonly kataCtl?: true;
  /** Kind of the guest's root file system: this project's, or upstream's. */
  readonly rootfs: Config['rootfs'];
  /** Set if the guest image contains a CDH and a pause bundle, so that the guest pulls every image itself. */
  readonly cdh?: true;
  /** Set if the guest image contains attestation-agent and api-server-rest. */
  readonly guestComponents?: true;
  /** The guest's programs beside the agent; absent in bundles of earlier versions of this project. */
  readonly components?: readonly Component[];
  /** The KBS that fixtures start beside the guests; absent if the bundle has none. */
  readonly kbs?: ComponentProgram;
  /** The containerd that starts this Kata, with its client and shim beside it; absent if the bundle uses the distribution's. */
  readonly containerd?: ComponentProgram;
  /** The nydus-snapshotter for guests that pull, with its mount helper beside it; absent if the bundle was built for another way of pulling. */
  readonly nydus?: ComponentProgram;
  /** Set if guests allow SO_REUSEPORT, on which the agent's ttrpc crate insists. */
  readonly reusePort?: Pick<ReusePort, 'ttrpc'>;
  /** Parameters of the guest image's hash tree; absent if dm-verity does not measure it. */
  readonly verity?: VerityParameters;
  /** Versions of other programs that the source of this Kata declares; absent in bundles of earlier versions of this project. */
  readonly declared?: DeclaredVersions;
  /** Id of the artefact that became the guest image's /etc/containers. */
  readonly guestEtc: string;
}

export const kataBundle: ArtefactStep<KataBundle> = {
  kind: 'artefact',
  id: 'kata-bundle',
  module: import.meta.url,
  title: 'Kata install bundle',
  needs: (config) => [
    ...[builtAgent, reusePort, runtimeStep(config), kernel, kataImage, kataQemu, guestEtc],
    ...kbsSteps(config),
    ...containerdSteps(config),
    ...nydusSteps(config),
    ...clhSteps(config),
    ...kataCtlSteps(config),
  ],
  timeoutMs: 120_000,
  inputs: (config) => ({ digests: { versions: () => sourceDigest(VERSIONS_PART, config.source, config) } }),
  async make(directory, { config, result, signal }) {
    const root = join(directory, ROOT);
    await lay(result(runtimeStep(config)), root);
    await mkdir(join(root, KATA_SHARE), { recursive: true });
    const { image, release, tree: kernelTree } = result(kernel);
    if (kernelTree === undefined) await copyFile(image, join(root, KERNEL_FILE));
    else await lay(kernelTree, root);
    await copyFile(result(kataImage), join(root, IMAGE_FILE));
    const { defaultPolicy, path, protos = '', ...agent } = result(builtAgent);
    await copyFile(path, join(directory, AGENT));
    await cp(protos, join(directory, PROTOS), { recursive: true });
    if (defaultPolicy !== undefined) await copyFile(defaultPolicy, join(directory, POLICY));
    const { root: qemuTree, ...qemu } = result(kataQemu) ?? {};
    if (qemuTree !== undefined) await lay(qemuTree, root);
    const { path: clhProgram, ...clh } = clhOf(config, { result }) ?? {};
    if (clhProgram !== undefined) {
      await mkdir(join(root, dirname(CLH_FILE)), { recursive: true });
      await copyFile(clhProgram, join(root, CLH_FILE));
    }
    const [kataCtl] = kataCtlSteps(config);
    if (kataCtl !== undefined) await copyFile(result(kataCtl), join(root, KATA_CTL_FILE));
    const { path: kbsProgram, ...kbs } = kbsOf(config, { result }) ?? {};
    if (kbsProgram !== undefined) await copyFile(kbsProgram, join(directory, KBS));
    const { path: containerdProgram, ...containerd } = containerdOf(config, { result }) ?? {};
    if (containerdProgram !== undefined) {
      await copyPrograms(CONTAINERD_PROGRAMS, dirname(containerdProgram), join(directory, CONTAINERD));
    }
    const { path: nydusProgram, ...nydus } = nydusOf(config, { result }) ?? {};
    if (nydusProgram !== undefined) await copyPrograms(NYDUS_PROGRAMS, dirname(nydusProgram), join(directory, NYDUS));
    // With systemd, a unit starts the agent, and nothing allows SO_REUSEPORT.
    const allowed = rootfsKind(config) === 'own' ? result(reusePort) : undefined;
    const verity = await verityOf(result(kataImage));
    const description = {
      agent,
      runtime: builtRuntimeOf(config),
      kernelRelease: release,
      rootfs: rootfsKind(config),
      ...(qemuTree === undefined ? {} : { qemu }),
      ...(clhProgram === undefined ? {} : { clh }),
      ...(kataCtl === undefined ? {} : { kataCtl: true }),
      ...(config.cdh === undefined ? {} : { cdh: true }),
      ...(config.guestComponents === undefined ? {} : { guestComponents: true }),
      components: guestPrograms(config, { result }),
      ...(kbsProgram === undefined ? {} : { kbs }),
      ...(containerdProgram === undefined ? {} : { containerd }),
      ...(nydusProgram === undefined ? {} : { nydus }),
      ...(allowed === undefined ? {} : { reusePort: { ttrpc: allowed.ttrpc } }),
      ...(verity === undefined ? {} : { verity }),
      ...(config.source === undefined
        ? {}
        : { declared: await declaredBy(config.source, { store: gitStore(config), signal }) }),
      guestEtc: result(guestEtc).id,
    };
    await writeFile(join(directory, DESCRIPTION), JSON.stringify(description, null, 2));
  },
  read: readBundle,
};

/** The runtime of a bundle. */
export function runtimeOf({ runtime = 'go' }: Pick<KataBundle, 'runtime'>): KataRuntime {
  return runtime;
}

/** The hypervisor of a bundle's guests. */
export function hypervisorOf({ clh }: Pick<KataBundle, 'clh'>): KataHypervisor {
  return clh === undefined ? 'qemu' : 'clh';
}

/** Copies a file tree over another; symbolic links are copied unchanged. */
function lay(tree: string, root: string): Promise<void> {
  return cp(tree, root, { recursive: true, verbatimSymlinks: true });
}

/** Copies programs to a new directory. */
async function copyPrograms(names: readonly string[], from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of names) await copyFile(join(from, name), join(to, name));
}

/** Reads a Kata install bundle; `directory` may be on another machine's disk. */
export async function readBundle(directory: string): Promise<KataBundle> {
  const file = join(directory, DESCRIPTION);
  if (!(await fileExists(file))) {
    throw new ConfigError(
      `KATA_BUNDLE=${directory}: it contains no ${DESCRIPTION}; \`pnpm ccv0 build\` builds a bundle`,
    );
  }
  const { agent, containerd, kbs, nydus, ...rest } = described(directory, await readFile(file, 'utf8'));
  return {
    ...rest,
    ...(kbs === undefined ? {} : { kbs: { ...kbs, path: join(directory, KBS) } }),
    ...(containerd === undefined
      ? {}
      : { containerd: { ...containerd, path: programsIn(join(directory, CONTAINERD)).containerd } }),
    ...(nydus === undefined ? {} : { nydus: { ...nydus, path: nydusIn(join(directory, NYDUS)).snapshotter } }),
    directory,
    root: join(directory, ROOT),
    agent: {
      ...agent,
      ...(needsPolicy(agent) ? { defaultPolicy: join(directory, POLICY) } : {}),
      path: join(directory, AGENT),
      protos: join(directory, PROTOS),
    },
  };
}

type Description = Omit<KataBundle, 'directory' | 'root'>;

/** The description of a bundle, from the text of its bundle.json. Throws {@link ConfigError} for another text. */
function described(directory: string, text: string): Description {
  const problem = `KATA_BUNDLE=${directory}: ${DESCRIPTION}`;
  let parsed: Partial<Description> | null;
  try {
    parsed = JSON.parse(text) as Partial<Description> | null;
  } catch {
    throw new ConfigError(`${problem} is not JSON; \`pnpm ccv0 build\` builds a bundle`);
  }
  if (parsed?.agent === undefined) {
    throw new ConfigError(`${problem} has no field agent; \`pnpm ccv0 build\` builds a bundle`);
  }
  return parsed as Description;
}
