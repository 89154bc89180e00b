import type { TargetName } from '../../helpers/contract/target.ts';
import type { TargetedConfig } from './validated.ts';

/**
 * The Kata commit that is built by default: "agent: Add PoC container signature validation" of the branch CCv0, the
 * first whose agent honours `agent.container_policy_file`. The tip of the branch pulls images in another way, and does
 * not support the signature scenarios of this commit.
 */
export const SEED_COMMIT = 'd17aaba475451846888a3ca336fe1a8cacd5b5c2';

/**
 * Default package repository of Kubernetes: 1.35, the last whose kubelet supports containerd 1.x. Upstream supports it until
 * 2027-02-28 (https://kubernetes.io/releases/1.35).
 */
export const KUBERNETES_REPOSITORY = 'https://pkgs.k8s.io/core:/stable:/v1.35/deb/';

/** Default repository of containerd. */
export const CONTAINERD_REPOSITORY = 'github.com/containerd/containerd';

/** Default repository of nydus-snapshotter. */
export const NYDUS_REPOSITORY = 'github.com/containerd/nydus-snapshotter';

/** Programs that set-up and suites run, each with its Debian and Ubuntu package. */
export const TOOLS = {
  skopeo: 'skopeo',
  umoci: 'umoci',
  runc: 'runc',
  containerd: 'containerd',
  ctr: 'containerd',
  'docker-registry': 'docker-registry',
  gpg: 'gnupg',
  gpgconf: 'gnupg',
  htpasswd: 'apache2-utils',
  openssl: 'openssl',
  socat: 'socat',
  busybox: 'busybox-static',
  git: 'git',
  ip: 'iproute2',
  ps: 'procps',
  'mount.fuse': 'fuse3',
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  bwrap: 'bubblewrap',
  'qemu-system-x86_64': 'qemu-system-x86',
  mmdebstrap: 'mmdebstrap',
  'mkfs.erofs': 'erofs-utils',
  depmod: 'kmod',
  cpio: 'cpio',
  xz: 'xz-utils',
  zstd: 'zstd',
  'vhost-device-vsock': 'vhost-device-vsock',
  'musl-gcc': 'musl-tools',
  make: 'make',
  gcc: 'gcc',
  flex: 'flex',
  bison: 'bison',
  bc: 'bc',
  curl: 'curl',
  patch: 'patch',
  meson: 'meson',
  ninja: 'ninja-build',
  'pkg-config': 'pkg-config',
  python3: 'python3',
  bzip2: 'bzip2',
  'qemu-img': 'qemu-utils',
  mke2fs: 'e2fsprogs',
  cmake: 'cmake',
  protoc: 'protobuf-compiler',
  veritysetup: 'cryptsetup-bin',
  dmsetup: 'dmsetup',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
} as const satisfies Readonly<Record<string, string>>;

export type Tool = keyof typeof TOOLS;

/**
 * Programs that set-up of every target needs: for images, keys, registries, and processes that end with their parent.
 */
const EVERYWHERE: readonly Tool[] = [
  ...(['skopeo', 'docker-registry', 'gpg', 'gpgconf', 'htpasswd', 'socat', 'busybox', 'ps', 'setpriv'] as const),
];

const OF_TARGET: Readonly<Record<TargetName, readonly Tool[]>> = {
  local: ['umoci', 'runc', 'containerd', 'ctr', 'ip', 'unshare', 'nsenter'],
  vm: ['qemu-system-x86_64', 'mmdebstrap', 'mkfs.erofs', 'depmod', 'cpio', 'xz', 'zstd'],
  kata: ['qemu-system-x86_64', 'containerd', 'ctr', 'nsenter', 'umoci'],
};

/** Programs of {@link OF_TARGET} that a containerd of the user's or one built from source brings. */
const OF_CONTAINERD: readonly Tool[] = ['containerd', 'ctr'];

/** The program that makes the certificate of a registry over TLS, from which a CDH pulls images with cosign's signatures. */
const TLS_REGISTRY: readonly Tool[] = ['openssl'];

/** The program that makes the hash tree of a measured root file system, and the one that creates its device in a distribution's kernel. */
const MEASURED_ROOT: readonly Tool[] = ['veritysetup', 'dmsetup'];

/** Programs that build Kata; not needed with KATA_BUNDLE. */
const KATA_BUILD: readonly Tool[] = ['git', 'mmdebstrap', 'mkfs.erofs', 'xz'];

/** Programs that build and run the dev VM. */
export const DEVVM_TOOLS: readonly Tool[] = [
  ...(['qemu-system-x86_64', 'qemu-img', 'mmdebstrap', 'mke2fs', 'depmod', 'cpio', 'ssh', 'ssh-keygen'] as const),
];

/** Programs that build an agent, and the library that its feature seccomp links. */
const AGENT_BUILD: readonly Tool[] = ['git', 'make', 'gcc'];
const SECCOMP_LIBRARIES = ['libseccomp-dev', 'libc6-dev'] as const;

/**
 * Further programs for an agent with musl, which upstream builds on these architectures. Source: utils.mk of Kata.
 */
const MUSL_BUILD: readonly Tool[] = ['musl-gcc', 'pkg-config'];
const MUSL_ARCHITECTURES = ['x64', 'arm64'];

/** Programs that compile the CDH and the other guest components, and the libraries that the CDH links. */
const COMPONENT_BUILD: readonly Tool[] = ['git', 'gcc'];
const CDH_LIBRARIES = ['libclang-dev', 'libdevmapper-dev', 'libc6-dev'] as const;

/** Programs that compile a KBS, with the libraries that its crates build themselves (OpenSSL, aws-lc), and its protos. */
const KBS_BUILD: readonly Tool[] = ['git', 'gcc', 'make', 'cmake', 'protoc'];
const COMPONENT_LIBRARIES = ['libc6-dev'] as const;

/** Programs that compile Cloud Hypervisor. */
const CLH_BUILD: readonly Tool[] = ['git', 'gcc'];

/** Programs that compile containerd. */
const CONTAINERD_BUILD: readonly Tool[] = ['git', 'gcc', 'make'];
const CONTAINERD_LIBRARIES = ['libc6-dev'] as const;

/** Programs that build nydus-snapshotter, without C. */
const NYDUS_BUILD: readonly Tool[] = ['git', 'make'];

/** The program by which containerd runs nydus-overlayfs to mount a snapshot. Source: mountWithHelper() of containerd. */
const NYDUS_MOUNT: readonly Tool[] = ['mount.fuse'];

/** Programs that compile a kernel. */
const KERNEL_BUILD: readonly Tool[] = ['make', 'gcc', 'flex', 'bison', 'bc'];
const KERNEL_BUILD_LIBRARIES = ['libelf-dev', 'libssl-dev', 'libc6-dev'] as const;

/**
 * Further programs of upstream's kernel scripts; they are fewer for a custom kernel source, which need not be fetched.
 */
const KATA_KERNEL_BUILD: readonly Tool[] = ['git', 'patch', 'xz'];
const KERNEL_FETCH: readonly Tool[] = ['curl'];

/**
 * Programs that compile QEMU with upstream's options, which link it statically, so that it runs on other machines too.
 */
const QEMU_BUILD: readonly Tool[] = ['bzip2', 'git', 'patch', 'meson', 'ninja', 'pkg-config', 'python3'];
const QEMU_BUILD_LIBRARIES = [
  ...['libaio-dev', 'libattr1-dev', 'libcap-ng-dev', 'libfdt-dev', 'libglib2.0-dev', 'libnuma-dev', 'libpixman-1-dev'],
  ...['libpmem-dev', 'libseccomp-dev', 'liburing-dev', 'python3-venv', 'zlib1g-dev'],
] as const;

/** All packages without programs (libraries) that a configuration may need. */
export const LIBRARIES: readonly string[] = [
  ...new Set([...SECCOMP_LIBRARIES, ...CDH_LIBRARIES, ...KERNEL_BUILD_LIBRARIES, ...QEMU_BUILD_LIBRARIES]),
];

/** The program that isolates builds of sources from this machine. */
const ISOLATION: readonly Tool[] = ['bwrap'];

type BuildSettings = Pick<
  TargetedConfig,
  'agent' | 'agentFeatures' | 'agentLibc' | 'bundle' | 'kernel' | 'kernelSource' | 'qemu' | 'target'
>;

type SourceSettings = BuildSettings &
  Partial<
    Pick<
      TargetedConfig,
      | 'agentCtl'
      | 'buildIsolation'
      | 'cdh'
      | 'clh'
      | 'containerd'
      | 'genpolicy'
      | 'guestComponents'
      | 'hypervisor'
      | 'kbs'
      | 'measuredRootfs'
      | 'nydus'
      | 'pull'
      | 'runtime'
    >
  >;

/** Whether a configuration builds sources that need not be trusted with cargo or Go; `KATA_AGENT=auto` may do so too. */
export function buildsIsolated(config: SourceSettings): boolean {
  return builtWithCargo(config).length + builtWithGo(config).length > 0;
}

/** The settings of a configuration for which cargo builds a program; `KATA_AGENT=auto` may be one too. */
export function builtWithCargo(config: SourceSettings): readonly string[] {
  const { agent, agentCtl, cdh, genpolicy, guestComponents } = config;
  const { agent: builtAgent, kata } = buildsOf(config);
  // A bundle has the components, and the stand-in agent uses none.
  const components = config.target === 'kata' ? kata : agent !== 'stand-in';
  return namesOf({
    'KATA_TARGET=kata': kata,
    'KATA_AGENT=source': builtAgent && !kata,
    'KATA_AGENT_CTL=source': agentCtl === 'source',
    'KATA_GENPOLICY=source': genpolicy === 'source',
    'KATA_CDH=source': components && cdh === 'source',
    'KATA_GUEST_COMPONENTS=source': components && guestComponents === 'source',
    'KATA_KBS=source': components && buildsKbs(config),
    'KATA_HYPERVISOR=clh': buildsClh(config),
  });
}

/** The settings of a configuration for which Go builds a program; `KATA_RUNTIME=auto` may be one too. */
export function builtWithGo(config: SourceSettings): readonly string[] {
  return namesOf({
    'the runtime in Go': buildsOf(config).kata && config.runtime === 'go',
    'KATA_CONTAINERD=source': buildsContainerd(config),
    'KATA_PULL=nydus': buildsNydus(config),
  });
}

function namesOf(builds: Readonly<Record<string, boolean>>): readonly string[] {
  return Object.keys(builds).filter((name) => builds[name] === true);
}

/** Whether a configuration builds a KBS, which target `local` does not use. */
function buildsKbs({ bundle, kbs, target }: SourceSettings): boolean {
  return (target === 'vm' || (target === 'kata' && bundle === undefined)) && kbs === 'source';
}

/** Whether a configuration builds a containerd, which target `vm` does not use. */
export function buildsContainerd({ bundle, containerd, target }: SourceSettings): boolean {
  return (target === 'local' || (target === 'kata' && bundle === undefined)) && containerd === 'source';
}

/** Settings that say whether guests run in Cloud Hypervisor, and in which one. */
export type ClhSettings = Pick<SourceSettings, 'bundle' | 'clh' | 'hypervisor' | 'target'>;

/** Whether a configuration uses Cloud Hypervisor, which target `kata` alone does, and has to provide it, since no bundle does. */
export function usesClh({ bundle, hypervisor, target }: ClhSettings): boolean {
  return target === 'kata' && bundle === undefined && hypervisor === 'clh';
}

/** Whether a configuration builds Cloud Hypervisor. */
export function buildsClh(config: ClhSettings): boolean {
  return usesClh(config) && config.clh === 'source';
}

/** Settings that say whether guests pull with nydus-snapshotter, and with which one. */
export type NydusSettings = Pick<SourceSettings, 'bundle' | 'nydus' | 'pull' | 'target'>;

/** Whether a configuration uses nydus-snapshotter, which target `kata` alone does, and has to provide it, since no bundle does. */
export function usesNydus({ bundle, pull, target }: NydusSettings): boolean {
  return target === 'kata' && bundle === undefined && pull === 'nydus';
}

/** Whether a configuration builds nydus-snapshotter. */
export function buildsNydus(config: NydusSettings): boolean {
  return usesNydus(config) && config.nydus === 'source';
}

/** What a configuration builds. */
function buildsOf({
  agent,
  agentFeatures,
  agentLibc,
  bundle,
  kernel,
  qemu,
  target,
}: BuildSettings): Readonly<Record<'agent' | 'kata' | 'kernel' | 'musl' | 'seccomp' | 'upstream' | 'qemu', boolean>> {
  const kata = target === 'kata' && bundle === undefined;
  const builtAgent = kata || (target !== 'kata' && agent === 'source');
  const musl = agentLibc === 'musl' || (agentLibc === 'upstream' && MUSL_ARCHITECTURES.includes(process.arch));
  return {
    agent: builtAgent,
    kata,
    musl: builtAgent && musl,
    // Every revision's makefile chooses the feature seccomp by default.
    seccomp: builtAgent && (agentFeatures?.includes('seccomp') ?? true),
    kernel: kata || (target === 'vm' && kernel !== 'distro'),
    upstream: (kata || target === 'vm') && kernel === 'source',
    qemu: kata && qemu === 'source',
  };
}

/**
 * Programs of sources whose builds run as this process's user, for want of isolation: osbuilder, and upstream's scripts
 * that build a kernel and QEMU.
 */
export function buildsWithoutIsolation(config: BuildSettings & Pick<TargetedConfig, 'rootfs'>): readonly string[] {
  const { kata, qemu, upstream } = buildsOf(config);
  return [
    ...(kata && config.rootfs === 'osbuilder' ? ['osbuilder'] : []),
    ...(upstream ? ["upstream's kernel scripts"] : []),
    ...(qemu ? ["upstream's QEMU scripts"] : []),
  ];
}

/** The programs that set-up of a configuration needs. */
export function toolsFor(config: SourceSettings): readonly Tool[] {
  const builds = buildsOf(config);
  const tools = [
    ...EVERYWHERE,
    ...OF_TARGET[config.target].filter((tool) => config.target !== 'local' || !bringsOwn(tool, config)),
    ...(config.target !== 'local' && config.cdh !== undefined ? TLS_REGISTRY : []),
    ...(config.measuredRootfs && (config.target === 'vm' || builds.kata) ? MEASURED_ROOT : []),
    ...(config.buildIsolation && buildsIsolated(config) ? ISOLATION : []),
    ...(builds.agent ? AGENT_BUILD : []),
    ...(builds.musl ? MUSL_BUILD : []),
    ...([config.cdh, config.guestComponents].includes('source') ? COMPONENT_BUILD : []),
    ...(buildsKbs(config) ? KBS_BUILD : []),
    ...(buildsClh(config) ? CLH_BUILD : []),
    ...(buildsContainerd(config) ? CONTAINERD_BUILD : []),
    ...(buildsNydus(config) ? NYDUS_BUILD : []),
    ...(config.target === 'kata' && config.pull === 'nydus' ? NYDUS_MOUNT : []),
    ...(builds.kernel ? KERNEL_BUILD : []),
    ...(builds.kata ? KATA_BUILD : []),
    ...(builds.upstream ? KATA_KERNEL_BUILD : []),
    ...(builds.upstream && config.kernelSource === undefined ? KERNEL_FETCH : []),
    ...(builds.qemu ? QEMU_BUILD : []),
  ];
  return [...new Set(tools)];
}

/** Whether the containerd of a configuration makes the distribution's program superfluous. */
function bringsOwn(tool: Tool, { containerd = 'distro' }: SourceSettings): boolean {
  return containerd !== 'distro' && OF_CONTAINERD.includes(tool);
}

/** Packages of {@link LIBRARIES} that a configuration needs. */
export function librariesFor(config: SourceSettings): readonly string[] {
  const builds = buildsOf(config);
  const libraries = [
    ...(builds.seccomp ? SECCOMP_LIBRARIES : []),
    ...(config.cdh === 'source' ? CDH_LIBRARIES : []),
    ...(config.guestComponents === 'source' || buildsKbs(config) || buildsClh(config) ? COMPONENT_LIBRARIES : []),
    ...(buildsContainerd(config) ? CONTAINERD_LIBRARIES : []),
    ...(builds.kernel ? KERNEL_BUILD_LIBRARIES : []),
    ...(builds.qemu ? QEMU_BUILD_LIBRARIES : []),
  ];
  return [...new Set(libraries)];
}

/** Minimum requirements of a machine, by target. The test images and the registries' copies of them take 250 MiB. */
export const REQUIREMENTS: Readonly<Record<'containerd' | 'node' | 'nydusContainerd', string>> &
  Readonly<Record<TargetName, Needs>> = {
  node: '22.18.0',
  containerd: '1.6',
  nydusContainerd: '1.7',
  local: { memoryMib: 1_024, cacheFreeMib: 1_024 },
  vm: { memoryMib: 4_096, cacheFreeMib: 3_072 },
  kata: { memoryMib: 6_144, cacheFreeMib: 8_192 },
};

interface Needs {
  readonly memoryMib: number;
  readonly cacheFreeMib: number;
}

/**
 * The vhost-device-vsock that is fetched if this machine has neither `/dev/vhost-vsock` nor the program on PATH.
 * Debian's package is unpacked, not installed; it only needs a C library of 2.34 or later.
 */
export const VHOST_DEVICE_VSOCK = {
  version: '0.3.0',
  debianPath: 'pool/main/r/rust-vhost-device-vsock/vhost-device-vsock_0.3.0-2_amd64.deb',
  sha256: 'fd36382419cc174f00d9b1691486b581e13e8c1168dc339b86b2a65180a29ce7',
} as const;
