import { join } from 'node:path';
import { CDH_MUTANTS, CDH_PROXY } from '../../helpers/contract/cdh-mutant.ts';
import { INPUT_SWAPS } from '../../helpers/contract/input-swap.ts';
import { POLICY_SWAPS } from '../../helpers/contract/policy-swap.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { parseRepository } from '../../helpers/git/repository.ts';
import { GUEST_PULLS, type GuestPull, NO_EROFS } from '../../helpers/kata/guest-pull.ts';
import { KATA_HYPERVISORS, type KataHypervisor, NO_DRAGONBALL } from '../../helpers/kata/hypervisors.ts';
import { KATA_RUNTIMES } from '../../helpers/kata/runtimes.ts';
import { commandLine } from '../../helpers/process/exec.ts';
import { didYouMean } from '../../helpers/text/nearest.ts';
import { isShort, passwordOf, SHORTEST_SECRET } from '../../helpers/text/secrets.ts';
import { carriageReturnHint, shownValue } from '../../helpers/text/shown-value.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import {
  allOf,
  type Effect,
  onlyWith,
  onTargets,
  unlessBundled,
  unlessKataBuildsIt,
  unlessNoCluster,
  unlessStandIn,
  whereAgentIsBuilt,
  whereHypervisorFits,
  whereKataIsBuilt,
  whereMutantFits,
} from './effect.ts';
import { credentialsOf, outboundOf } from './outbound.ts';
import {
  cacheDirectory,
  containerdDirectory,
  guestComponentsDirectory,
  kernelSource,
  kubernetesDirectory,
  nydusDirectory,
  ownDirectory,
  policyFile,
  programOr,
  protosDirectory,
  readableDirectory,
  summaryFile,
} from './path-settings.ts';
import { CONTAINERD_REPOSITORY, KUBERNETES_REPOSITORY, NYDUS_REPOSITORY, SEED_COMMIT } from './pins.ts';
import type { Theme } from './themes.ts';
import { unknownSettings } from './unknown-settings.ts';
import type { Config, TargetedConfig } from './validated.ts';

/** An environment variable: its parser, and its entry in docs/settings.md. */
export interface Variable<T = unknown> {
  readonly name: string;
  /** The table of docs/settings.md that lists the variable. */
  readonly theme: Theme;
  readonly fallback: string;
  readonly meaning: string;
  /** Parses the variable's value. Throws an error that says which values are valid. */
  readonly parse: (value: string) => T;
  /**
   * Returns why a value of this variable other than the default has no effect; without this function, the variable
   * always has one.
   */
  readonly effect?: Effect;
}

const NO_TESTS_REPOSITORY =
  'no repository of tests is used: this project replaces its scripts (packages, QEMU, Kubernetes); unset it';

/** For settings of the source of guest-components. */
const onlyWithBuiltComponents = allOf(
  onlyWith('KATA_CDH=source or KATA_GUEST_COMPONENTS=source', ({ cdh, guestComponents }) =>
    [cdh, guestComponents].includes('source'),
  ),
  unlessBundled,
);

/** For settings of the source of trustee. */
const onlyWithBuiltKbs = allOf(
  onTargets('vm', 'kata'),
  onlyWith('KATA_KBS=source', ({ kbs }) => kbs === 'source'),
  unlessBundled,
);

/** For settings of the source of containerd. */
const onlyWithBuiltContainerd = allOf(
  onTargets('local', 'kata'),
  onlyWith('KATA_CONTAINERD=source', ({ containerd }) => containerd === 'source'),
  unlessBundled,
);

/** For settings of Cloud Hypervisor. */
const onlyWithClh = allOf(
  onTargets('kata'),
  onlyWith('KATA_HYPERVISOR=clh', ({ hypervisor }) => hypervisor === 'clh'),
  unlessBundled,
);

/** For settings of the source of Cloud Hypervisor. */
const onlyWithBuiltClh = allOf(
  onlyWithClh,
  onlyWith('KATA_CLH=source', ({ clh }) => clh === 'source'),
);

/** For settings of nydus-snapshotter. */
const onlyWithNydus = allOf(
  onTargets('kata'),
  onlyWith('KATA_PULL=nydus', ({ pull }) => pull === 'nydus'),
  unlessBundled,
);

/** For settings of the source of nydus-snapshotter. */
const onlyWithBuiltNydus = allOf(
  onlyWithNydus,
  onlyWith('KATA_NYDUS=source', ({ nydus }) => nydus === 'source'),
);

type Fields = { readonly [Key in Exclude<keyof Config, 'outbound'>]: Variable<Config[Key]> };

/** All settings; those of a theme are in the order of its table in docs/settings.md. */
export const VARIABLES: Fields = {
  target: {
    name: 'KATA_TARGET',
    theme: 'tested',
    fallback: 'auto',
    meaning:
      'where guests run: `local` (namespaces of this machine), `vm` (QEMU virtual machines), `kata` (Kata itself, with containerd), or `auto`: `vm` or `kata`, whichever was set up here last and still can run, else `vm` if QEMU is or can be installed, else `local`',
    parse: oneOf(['auto', 'local', 'vm', 'kata']),
  },
  agent: {
    name: 'KATA_AGENT',
    theme: 'tested',
    fallback: 'auto',
    meaning:
      'the agent: `stand-in`, `source` (built from `katacontainers_repo`), the path of a kata-agent, or `auto`: `source` if it can be built, on `local` only if `katacontainers_repo` or `katacontainers_branch` is set',
    parse: programOr(['auto', 'stand-in', 'source'], 'a kata-agent'),
    effect: unlessKataBuildsIt,
  },
  kataRepo: {
    name: 'katacontainers_repo',
    theme: 'tested',
    fallback: 'github.com/kata-containers/kata-containers',
    meaning: 'Kata repository to build from: `github.com/owner/name`, a git URL, or a path on this machine',
    parse: repository,
    effect: whereKataIsBuilt,
  },
  kataBranch: {
    name: 'katacontainers_branch',
    theme: 'tested',
    fallback: SEED_COMMIT,
    meaning:
      'its branch, tag, commit or `refs/pull/N/head`; for a path also `worktree`: its files as they are now, committed or not',
    parse: revision,
    effect: whereKataIsBuilt,
  },
  runtime: {
    name: 'KATA_RUNTIME',
    theme: 'tested',
    fallback: 'auto',
    meaning:
      "Kata's runtime and shim (target `kata`): `go`, `rs` (runtime-rs), or `auto`: the one that the releases of this Kata install by default, by `defaultShim` of its Helm chart kata-deploy",
    parse: oneOf(['auto', ...KATA_RUNTIMES]),
    effect: onTargets('kata'),
  },
  agentFeatures: {
    name: 'KATA_AGENT_FEATURES',
    theme: 'tested',
    fallback: 'upstream',
    meaning:
      'for `KATA_AGENT=source`: cargo features of the agent, separated by commas, `none`, or `upstream`: those of its makefile with the variables of the release scripts',
    parse: cargoFeatures,
    effect: whereAgentIsBuilt,
  },
  agentLibc: {
    name: 'KATA_AGENT_LIBC',
    theme: 'tested',
    fallback: 'upstream',
    meaning:
      'for `KATA_AGENT=source`: C library of the agent, `gnu`, `musl` (linked statically), or `upstream`: that of its makefile, `musl` on x86_64',
    parse: oneOf(['upstream', 'gnu', 'musl']),
    effect: whereAgentIsBuilt,
  },
  agentProfile: {
    name: 'KATA_AGENT_PROFILE',
    theme: 'tested',
    fallback: '',
    meaning:
      'for `KATA_AGENT=source`: profile of cargo, `release` as upstream, or `dev`: compiled in seconds after a change, not optimised, with debug assertions; by default `dev` with `katacontainers_branch=worktree`',
    parse: optional(oneOf(['dev', 'release'])),
    effect: whereAgentIsBuilt,
  },
  cdh: {
    name: 'KATA_CDH',
    theme: 'tested',
    fallback: '',
    meaning:
      'the CDH (confidential-data-hub) in guests, for agents that delegate image pulls to it, as those of `main` (targets `vm` and `kata`): `source` (built with cargo), or the path of one that speaks ttrpc',
    parse: optional(programOr(['source'], 'a confidential-data-hub')),
    effect: unlessStandIn,
  },
  cdhRepo: {
    name: 'KATA_CDH_REPO',
    theme: 'tested',
    fallback: '',
    meaning:
      'for `KATA_CDH=source` and `KATA_GUEST_COMPONENTS=source`: repository of guest-components, instead of the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: onlyWithBuiltComponents,
  },
  cdhVersion: {
    name: 'KATA_CDH_VERSION',
    theme: 'tested',
    fallback: '',
    meaning: 'its tag, branch or commit, instead of the version Kata names',
    parse: optional(revision),
    effect: onlyWithBuiltComponents,
  },
  guestComponents: {
    name: 'KATA_GUEST_COMPONENTS',
    theme: 'tested',
    fallback: '',
    meaning:
      'for `KATA_CDH`: guests also have attestation-agent and api-server-rest, in place of a placeholder: `source` (built with cargo from the source of the CDH, with the sample attester), or a directory with programs of these names (attestation-agent with its ttrpc interface)',
    parse: optional(guestComponentsDirectory),
    effect: allOf(
      unlessStandIn,
      onlyWith('KATA_CDH', ({ cdh }) => cdh !== undefined),
    ),
  },
  kbs: {
    name: 'KATA_KBS',
    theme: 'tested',
    fallback: '',
    meaning:
      'for `KATA_GUEST_COMPONENTS`: also tests attestation and the resources of a KBS (key broker service, targets `vm` and `kata`): `source` (trustee’s, built with cargo), or the path of a kbs with the built-in attestation service',
    parse: optional(programOr(['source'], 'a kbs')),
    effect: allOf(
      onTargets('vm', 'kata'),
      unlessStandIn,
      onlyWith('KATA_GUEST_COMPONENTS', ({ guestComponents }) => guestComponents !== undefined),
    ),
  },
  kbsRepo: {
    name: 'KATA_KBS_REPO',
    theme: 'tested',
    fallback: '',
    meaning: 'for `KATA_KBS=source`: repository of trustee, instead of the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: onlyWithBuiltKbs,
  },
  kbsVersion: {
    name: 'KATA_KBS_VERSION',
    theme: 'tested',
    fallback: '',
    meaning: 'its tag, branch or commit, instead of the version Kata names',
    parse: optional(revision),
    effect: onlyWithBuiltKbs,
  },
  kbsVerifiers: {
    name: 'KATA_KBS_VERIFIERS',
    theme: 'tested',
    fallback: 'none',
    meaning:
      'for `KATA_KBS=source`: verifiers of its attestation service besides the sample verifier, as features of its crate (`snp-verifier`), separated by commas, `none`, or `upstream`: on x86_64 `all-verifier`, which needs the packages libtss2-dev and libsgx-dcap-quote-verify-dev',
    parse: cargoFeatures,
    effect: onlyWithBuiltKbs,
  },
  containerd: {
    name: 'KATA_CONTAINERD',
    theme: 'tested',
    fallback: 'distro',
    meaning:
      "the containerd that starts Kata's shim (targets `local` and `kata`): `distro` (this machine's), `source` (built with Go), or the path of a directory with `containerd`, `ctr` and `containerd-shim-runc-v2`, or of the containerd in it",
    parse: containerdDirectory,
    effect: onTargets('local', 'kata'),
  },
  containerdRepo: {
    name: 'KATA_CONTAINERD_REPO',
    theme: 'tested',
    fallback: CONTAINERD_REPOSITORY,
    meaning: 'for `KATA_CONTAINERD=source`: repository of containerd; a git URL, or a path',
    parse: repository,
    effect: onlyWithBuiltContainerd,
  },
  containerdVersion: {
    name: 'KATA_CONTAINERD_VERSION',
    theme: 'tested',
    fallback: 'latest',
    meaning:
      'its tag, branch or commit; a line of releases (`v1.7`), which means its newest release; or `minimum` or `latest`: what `versions.yaml` of `katacontainers_repo` declares',
    parse: revision,
    effect: onlyWithBuiltContainerd,
  },
  pull: {
    name: 'KATA_PULL',
    theme: 'tested',
    fallback: '',
    meaning:
      "for `KATA_CDH` on target `kata`: how Kata's shim learns that the guest pulls an image: `force` (`force_guest_pull` of the runtime's configuration; the default), or `nydus` (nydus-snapshotter in proxy mode, a proxy plugin of containerd 1.7 or later)",
    parse: optional(guestPull),
    effect: allOf(
      onTargets('kata'),
      onlyWith('KATA_CDH', ({ bundle, cdh }) => cdh !== undefined || bundle !== undefined),
    ),
  },
  nydus: {
    name: 'KATA_NYDUS',
    theme: 'tested',
    fallback: 'source',
    meaning:
      'for `KATA_PULL=nydus`: nydus-snapshotter: `source` (built with Go), or the path of a directory with `containerd-nydus-grpc` and `nydus-overlayfs`, or of the containerd-nydus-grpc in it',
    parse: nydusDirectory,
    effect: onlyWithNydus,
  },
  nydusRepo: {
    name: 'KATA_NYDUS_REPO',
    theme: 'tested',
    fallback: NYDUS_REPOSITORY,
    meaning: 'for `KATA_NYDUS=source`: repository of nydus-snapshotter; a git URL, or a path',
    parse: repository,
    effect: onlyWithBuiltNydus,
  },
  nydusVersion: {
    name: 'KATA_NYDUS_VERSION',
    theme: 'tested',
    fallback: '',
    meaning: 'its tag, branch or commit, instead of the version Kata names',
    parse: optional(revision),
    effect: onlyWithBuiltNydus,
  },
  agentCtl: {
    name: 'KATA_AGENT_CTL',
    theme: 'tested',
    fallback: 'no',
    meaning:
      "also tests with upstream's client for the agent: `no`, `source` (built with the agent), or the path of a kata-agent-ctl",
    parse: (value) => {
      const given = programOr(['no', 'source'], 'a kata-agent-ctl')(value);
      return given === 'no' ? undefined : given;
    },
  },
  kataCtl: {
    name: 'KATA_CTL',
    theme: 'tested',
    fallback: 'no',
    meaning:
      'also tests the command line program of runtime-rs, kata-ctl: `no`, or `source` (built like runtime-rs, about ten minutes more)',
    parse: oneOf(['no', 'source']),
    effect: allOf(
      onTargets('kata'),
      onlyWith('KATA_RUNTIME=rs', ({ runtime }) => runtime !== 'go'),
      unlessBundled,
    ),
  },
  genpolicy: {
    name: 'KATA_GENPOLICY',
    theme: 'tested',
    fallback: '',
    meaning:
      "also tests the policies that upstream's genpolicy generates: `source` (built with the agent), or the path of a genpolicy, with `genpolicy-settings.json` and `rules.rego` beside it",
    parse: optional(programOr(['source'], 'a genpolicy')),
  },
  protos: {
    name: 'KATA_PROTOS',
    theme: 'tested',
    fallback: '',
    meaning:
      "directory of a Kata checkout whose .proto files are loaded instead of this project's; they must match the agent's generation",
    parse: optional(protosDirectory),
  },
  policy: {
    name: 'KATA_POLICY',
    theme: 'images',
    fallback: '',
    meaning:
      "image policy of guests, in the format of containers-policy.json(5), instead of upstream's; specs that it invalidates are skipped",
    parse: optional(policyFile),
  },
  buildIsolation: {
    name: 'KATA_BUILD_ISOLATION',
    theme: 'running',
    fallback: 'yes',
    meaning:
      'run cargo and Go builds of sources as an unprivileged user, without network, and without any file of this machine that they do not need (docs/isolation.md); `no` runs them as this user, with all its rights: only for sources that you trust',
    parse: yesNo,
    effect: whereKataIsBuilt,
  },
  cacheDir: {
    name: 'KATA_CACHE_DIR',
    theme: 'running',
    fallback: '/var/cache/kata-cc',
    meaning: 'directory where images, keys and builds are kept between runs',
    parse: cacheDirectory,
  },
  reportsDir: {
    name: 'KATA_REPORTS_DIR',
    theme: 'reports',
    fallback: 'reports/out',
    meaning: 'directory of reports and evidence',
    parse: ownDirectory('reports'),
  },
  historyDir: {
    name: 'KATA_HISTORY_DIR',
    theme: 'reports',
    fallback: 'reports/history',
    meaning:
      'directory of the history, with one line per full run, for trends; in CI, use a directory that outlives the job',
    parse: ownDirectory('history'),
  },
  evidence: {
    name: 'KATA_EVIDENCE',
    theme: 'reports',
    fallback: 'failed',
    meaning: 'tests whose evidence is kept: `failed` (and specs that request it), `always`, or `never`',
    parse: oneOf(['failed', 'always', 'never']),
  },
  coverageGate: {
    name: 'KATA_COVERAGE_GATE',
    theme: 'reports',
    fallback: 'no',
    meaning:
      'a full run fails if a declared method has neither a spec nor an entry in `suites/uncovered.json`, or if the effect of a method or field was measured and has neither a proof nor an entry in `suites/unproved.json`',
    parse: yesNo,
  },
  githubSummary: {
    name: 'GITHUB_STEP_SUMMARY',
    theme: 'reports',
    fallback: '',
    meaning: 'set by GitHub Actions: the summary is appended to this file, and failed tests are annotated',
    parse: optional(summaryFile),
  },
  registryRunner: {
    name: 'KATA_REGISTRY',
    theme: 'images',
    fallback: 'auto',
    meaning:
      'how registries run: `docker` (by testcontainers), `process`, or `auto`: Docker if an engine responds and can run them',
    parse: oneOf(['auto', 'docker', 'process']),
  },
  registryPort: {
    name: 'KATA_REGISTRY_PORT',
    theme: 'images',
    fallback: '0',
    meaning: 'port of the registry on loopback; 0 takes a free one',
    parse: port,
  },
  pullImage: {
    name: 'PULL_IMAGE',
    theme: 'images',
    fallback: '',
    meaning: 'an image of your own that the pull specs pull as well, by a name that the guest can resolve',
    parse: optional(imageReference),
  },
  containerId: {
    name: 'CONTAINER_ID',
    theme: 'images',
    fallback: '',
    meaning: 'for `PULL_IMAGE`: container id of the pull; `0123456789` by default',
    parse: optional(containerId),
    effect: onlyWith('PULL_IMAGE', ({ pullImage }) => pullImage !== undefined),
  },
  sourceCreds: {
    name: 'SOURCE_CREDS',
    theme: 'images',
    fallback: '',
    meaning: 'for `PULL_IMAGE`: its credentials, `user:password`; never written to a log or a report',
    parse: optional(credentials),
    effect: onlyWith('PULL_IMAGE', ({ pullImage }) => pullImage !== undefined),
  },
  kernel: {
    name: 'KATA_KERNEL',
    theme: 'machine',
    fallback: 'distro',
    meaning:
      "the guest's kernel: `distro` (the distribution's; target `vm`), `build` (built from the distribution's source, minutes) or `source` (built by upstream's scripts); target `kata` uses `build` for `distro`",
    parse: oneOf(['distro', 'build', 'source']),
    effect: allOf(onTargets('vm', 'kata'), unlessBundled),
  },
  kernelSource: {
    name: 'KATA_KERNEL_SOURCE',
    theme: 'machine',
    fallback: '',
    meaning:
      'for `KATA_KERNEL=source`: directory or archive of a kernel source, instead of fetching the version Kata names',
    parse: optional(kernelSource),
    effect: allOf(
      onlyWith('KATA_KERNEL=source', ({ kernel }) => kernel === 'source'),
      onTargets('vm', 'kata'),
      unlessBundled,
    ),
  },
  measuredRootfs: {
    name: 'KATA_MEASURED_ROOTFS',
    theme: 'machine',
    fallback: 'no',
    meaning:
      "also tests guests whose root file system dm-verity measures: `yes` or `no`. On target `vm`, guests of their own: with `KATA_KERNEL=build` or `source` the kernel creates dm-verity's device itself, as in Kata's guests, otherwise an initrd does. On target `kata`, all guests, by `kernel_verity_params` of a Kata that has it",
    parse: yesNo,
    effect: onTargets('vm', 'kata'),
  },
  hypervisor: {
    name: 'KATA_HYPERVISOR',
    theme: 'machine',
    fallback: 'qemu',
    meaning:
      'hypervisor of the guests: `qemu`, or on target `kata` with runtime-rs also `clh` (Cloud Hypervisor); `dragonball` and others are rejected',
    parse: hypervisor,
    effect: allOf(onTargets('vm', 'kata'), whereHypervisorFits),
  },
  clh: {
    name: 'KATA_CLH',
    theme: 'machine',
    fallback: 'source',
    meaning:
      'for `KATA_HYPERVISOR=clh`: Cloud Hypervisor: `source` (built with cargo), or the path of a cloud-hypervisor',
    parse: programOr(['source'], 'a cloud-hypervisor'),
    effect: onlyWithClh,
  },
  clhRepo: {
    name: 'KATA_CLH_REPO',
    theme: 'machine',
    fallback: '',
    meaning:
      'for `KATA_CLH=source`: repository of Cloud Hypervisor, instead of the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: onlyWithBuiltClh,
  },
  clhVersion: {
    name: 'KATA_CLH_VERSION',
    theme: 'machine',
    fallback: '',
    meaning: 'its tag, branch or commit, instead of the version Kata names',
    parse: optional(revision),
    effect: onlyWithBuiltClh,
  },
  qemu: {
    name: 'KATA_QEMU',
    theme: 'machine',
    fallback: 'distro',
    meaning:
      "the QEMU that runs guests of target `kata`: `distro` (the distribution's) or `source` (patched, configured and built by upstream's scripts)",
    parse: oneOf(['distro', 'source']),
    effect: onTargets('kata'),
  },
  qemuRepo: {
    name: 'KATA_QEMU_REPO',
    theme: 'machine',
    fallback: '',
    meaning: 'for `KATA_QEMU=source`: repository of QEMU, instead of the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: allOf(
      onlyWith('KATA_QEMU=source', ({ qemu }) => qemu === 'source'),
      onTargets('kata'),
      unlessBundled,
    ),
  },
  qemuVersion: {
    name: 'KATA_QEMU_VERSION',
    theme: 'machine',
    fallback: '',
    meaning: 'its tag, branch or commit, instead of the version Kata names',
    parse: optional(revision),
    effect: allOf(
      onlyWith('KATA_QEMU=source', ({ qemu }) => qemu === 'source'),
      onTargets('kata'),
      unlessBundled,
    ),
  },
  accelerator: {
    name: 'KATA_ACCEL',
    theme: 'machine',
    fallback: 'auto',
    meaning:
      "QEMU's accelerator: `kvm`, `tcg` (software emulation), or `auto`: `kvm` if a guest boots with it (target `vm`)",
    parse: oneOf(['auto', 'kvm', 'tcg']),
    effect: onTargets('vm'),
  },
  template: {
    name: 'KATA_TEMPLATE',
    theme: 'machine',
    fallback: 'yes',
    meaning: 'clone guests from a VM template that is booted once, instead of booting each guest (target `vm`)',
    parse: yesNo,
    effect: onTargets('vm'),
  },
  guestMemoryMib: {
    name: 'KATA_GUEST_MEMORY',
    theme: 'machine',
    fallback: '2048',
    meaning: 'memory of a guest in MiB (target `vm`); allocated when the guest touches it',
    parse: wholeNumber(512, 65_536),
    effect: onTargets('vm'),
  },
  guestCpus: {
    name: 'KATA_GUEST_CPUS',
    theme: 'machine',
    fallback: '1',
    meaning: 'processors of a guest (target `vm`)',
    parse: wholeNumber(1, 8),
    effect: onTargets('vm'),
  },
  bundle: {
    name: 'KATA_BUNDLE',
    theme: 'installation',
    fallback: '',
    meaning: 'directory of a Kata install bundle to install, instead of building Kata here (target `kata`)',
    parse: optional(readableDirectory),
    effect: onTargets('kata'),
  },
  rootfs: {
    name: 'KATA_ROOTFS',
    theme: 'machine',
    fallback: 'own',
    meaning:
      "the guest's root file system (target `kata`): `own` (a small one, built by this project) or `osbuilder` (upstream's, with systemd, built by the osbuilder of `katacontainers_repo`)",
    parse: oneOf(['own', 'osbuilder']),
    effect: allOf(onTargets('kata'), unlessBundled),
  },
  devvmDebian: {
    name: 'KATA_DEVVM_DEBIAN',
    theme: 'installation',
    fallback: 'auto',
    meaning:
      'Debian release of the dev VM (`pnpm devvm`): `12`, `13`, or `auto`: `13`, but `12` for the default `katacontainers_branch`, which needs cgroup v1',
    parse: oneOf(['auto', '12', '13']),
  },
  kubernetes: {
    name: 'KUBERNETES',
    theme: 'installation',
    fallback: 'auto',
    meaning:
      'single-node cluster by kubeadm (target `kata`): `yes`, `no`, or `auto`: if one exists or `KATA_KUBERNETES_BUNDLE` is set',
    parse: oneOf(['auto', 'yes', 'no']),
    effect: onTargets('kata'),
  },
  kubernetesBundle: {
    name: 'KATA_KUBERNETES_BUNDLE',
    theme: 'installation',
    fallback: '',
    meaning:
      "directory with Kubernetes' programs in `bin/` and image archives in `images/`, for machines without a network",
    parse: optional(kubernetesDirectory),
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  kubernetesImages: {
    name: 'KATA_KUBERNETES_IMAGES',
    theme: 'installation',
    fallback: '',
    meaning: "repository of the control plane's images, instead of upstream's",
    parse: optional(imageReference),
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  kubernetesRepository: {
    name: 'KATA_KUBERNETES_REPOSITORY',
    theme: 'installation',
    fallback: KUBERNETES_REPOSITORY,
    meaning: 'URL of the repository of Debian packages of kubeadm, kubelet and kubectl, which are installed if missing',
    parse: packageRepository,
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  mutant: {
    name: 'KATA_MUTANT',
    theme: 'running',
    fallback: '',
    meaning:
      'a mutation that specs must detect, as run by `pnpm kata mutants`: of the stand-in agent, for `KATA_AGENT=stand-in`, or, for other agents, of what specs put into guests: policies in Rego (`policy-allow-all`, `policy-deny-all`) and those that helpers/contract/input-swap.ts lists, or on target `vm` of the CDH: those of helpers/contract/cdh-mutant.ts; the run is never green',
    parse: optional(mutantName),
    effect: whereMutantFits,
  },
  mute: {
    name: 'KATA_MUTE',
    theme: 'running',
    fallback: '',
    meaning:
      'tests the suites, not Kata: our client answers this RPC method of the agent or the shim itself (`PauseContainer`, `Task/Pause`), or leaves this field out of its requests (`CreateContainer.OCI.Process.User.UID`); specs that prove the effect fail, and the run is never green. Calls that prepare a guest (the first guest\'s, `Check`, a clone\'s clock and entropy) are sent as always. The path of a JSON file says so for each test: `{ "tests": { "FILE > GROUP > TEST": ["PauseContainer"] }, "timeoutMs": 60000 }`',
    parse: optional(muted),
  },
  debug: {
    name: 'DEBUG',
    theme: 'running',
    fallback: 'no',
    meaning:
      'show every command of set-up and its output: `yes`, `no`, or patterns of the npm package debug, in which this project is `kata-cc`',
    parse: debugging,
  },
  ci: {
    name: 'CI',
    theme: 'running',
    fallback: 'no',
    meaning: 'plain progress lines instead of live ones',
    parse: continuousIntegration,
  },
};

/** Variables of the CCv0 branch's scripts with a single valid value; all other values are rejected. */
export const FIXED: readonly Variable<void>[] = [
  {
    name: 'tests_repo',
    theme: 'running',
    fallback: '',
    meaning: 'rejected: no repository of tests is used, since its set-up scripts are part of this project',
    parse: refuseBut('', NO_TESTS_REPOSITORY),
  },
  {
    name: 'tests_branch',
    theme: 'running',
    fallback: '',
    meaning: 'rejected, for the reason given for `tests_repo`',
    parse: refuseBut('', NO_TESTS_REPOSITORY),
  },
];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The user's settings: {@link parseConfig} of this process's environment, once per process, or of another environment.
 * Throws as parseConfig does.
 */
export function loadConfig(environment?: Environment): Config {
  if (environment !== undefined) return parseConfig(environment);
  // The settings are kept in the global object: Vitest loads its configuration and its global set-up as two instances
  // of this module.
  const shared = globalThis as { [LOADED]?: () => Config };
  shared[LOADED] ??= outcomeOf(() => parseConfig(process.env));
  return shared[LOADED]();
}

const LOADED = Symbol.for('kata-cc-suite.config');

/** Runs `work` once: the returned function returns its result, or throws its error, each time. */
function outcomeOf<T>(work: () => T): () => T {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/**
 * Reads and validates settings from an environment. Throws {@link ConfigError}: one line with variable, value and
 * remedy.
 */
function parseConfig(environment: Environment): Config {
  for (const variable of FIXED) read(variable, environment);
  const entries = Object.entries(VARIABLES).map(([field, variable]) => [field, read(variable, environment)]);
  return Object.freeze({ ...Object.fromEntries(entries), outbound: outboundOf(environment) }) as Config;
}

const SHORT_PASSWORD = `SOURCE_CREDS: a password of fewer than ${SHORTEST_SECRET} characters is redacted in reports only beside its user name, and in headers, flags and fields`;

/** Warnings about the user's settings: misspelt names, and a password too short to be redacted everywhere. */
export function settingNotices(environment: Environment = process.env): string[] {
  const names = [...Object.values(VARIABLES), ...FIXED].map(({ name }) => name);
  const password = passwordOf(environment['SOURCE_CREDS'] ?? '');
  return [
    ...unknownSettings(environment, names),
    ...(password !== undefined && isShort(password) ? [SHORT_PASSWORD] : []),
  ];
}

/** Directory of reports, also if another setting is invalid: reports of an earlier run must be removed in any case. */
export function reportsDirOf(): string {
  try {
    return loadConfig().reportsDir;
  } catch {
    return String(read(VARIABLES.reportsDir, process.env));
  }
}

/** The variables that the user has set, unparsed. */
export function givenVariables(environment: Environment = process.env): Record<string, string> {
  const names = Object.values(VARIABLES).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

const SECRET = new Set(['SOURCE_CREDS']);

function read(variable: Variable, environment: Environment): unknown {
  const value = environment[variable.name] || variable.fallback;
  try {
    return variable.parse(value);
  } catch (problem) {
    const prefix = `${variable.name}=${value}: `;
    const why = reasonOf(problem).replace(prefix, '');
    throw new ConfigError(`${shown(variable.name, value)}: ${why}${carriageReturnHint(value)}`);
  }
}

/** The message of an error, without the system call and path that Node.js adds to a system error. */
function reasonOf(problem: unknown): string {
  const isSystemError = problem instanceof Error && 'syscall' in problem;
  return isSystemError ? messageOf(problem).replace(/, \w+ '.*'$/s, '') : messageOf(problem);
}

/** A setting for messages, without its value if the value is secret. */
function shown(name: string, value: string): string {
  return SECRET.has(name) ? name : `${name}=${shownValue(value)}`;
}

/** A setting without effect. */
export interface WithoutEffect {
  readonly name: string;
  /** A line with the setting and the reason why it has no effect. */
  readonly line: string;
  readonly refused: boolean;
}

/** The user's settings that have no effect in a configuration, each with the reason. */
export function withoutEffect(
  config: TargetedConfig,
  environment: Environment = process.env,
): readonly WithoutEffect[] {
  return Object.values<Variable>(VARIABLES).flatMap(({ effect, fallback, name }) => {
    const value = environment[name] || fallback;
    const none = value === fallback ? undefined : effect?.(config);
    return none === undefined
      ? []
      : [
          {
            name,
            line: `${shown(name, value)} ${none.refused ? 'is rejected' : 'has no effect'}: ${none.why}`,
            refused: none.refused,
          },
        ];
  });
}

/** The non-default settings in shell syntax, as a prefix of a command; without directories of outputs and secrets. */
export function environmentOf(
  resolved: Pick<Config, 'target' | 'agent'>,
  variables: Environment = process.env,
): string {
  const environment: typeof variables = { ...variables, KATA_TARGET: resolved.target, KATA_AGENT: resolved.agent };
  return Object.values(VARIABLES)
    .filter(({ name }) => REPRODUCED.test(name) && !SECRET.has(name))
    .flatMap(({ name, fallback }) => {
      const value = environment[name] ?? '';
      return value === '' || value === fallback ? [] : [`${name}=${commandLine([value])}`];
    })
    .join(' ');
}

/** Names of variables that affect tests, and not only directories or output. */
const REPRODUCED =
  /^(KATA_(?!.*_DIR$|EVIDENCE$|COVERAGE_GATE$)|PULL_IMAGE$|CONTAINER_ID$|SOURCE_CREDS$|katacontainers_|tests_|KUBERNETES$)/;

/** Names of variables with secret values, including those of other programs. */
const SECRET_NAME =
  /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|CREDS|(?:^|_)(?:AUTH|PAT)(?:_|$)|(?:API|PRIVATE|ACCESS)_?KEY|DOCKERCONFIG/i;

/**
 * Secret values in the environment, our own settings and variables of other programs, which must not appear in a report.
 * Short values of other programs' variables (`yes`, `true`, a number) are switches, not secrets.
 */
export function secretsOf(environment: Environment = process.env): string[] {
  const named = Object.entries(environment).flatMap(([name, value = '']) =>
    SECRET.has(name) || (SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET) ? [value] : [],
  );
  return [...named, ...credentialsOf(environment)];
}

function oneOf<T extends string>(allowed: readonly T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw new Error(`unknown; expected one of ${allowed.join(', ')}`);
    return found;
  };
}

/** Parses the way of pulling; a snapshotter with which guests pull nothing is rejected by name. */
function guestPull(value: string): GuestPull {
  if (value === 'erofs') throw new Error(NO_EROFS);
  return oneOf(GUEST_PULLS)(value);
}

/** Parses the hypervisor; one in which this project's guests do not run is rejected by name. */
function hypervisor(value: string): KataHypervisor {
  if (value === 'dragonball') throw new Error(NO_DRAGONBALL);
  return oneOf(KATA_HYPERVISORS)(value);
}

function optional<T>(parse: (value: string) => T): (value: string) => T | undefined {
  return (value) => (value === '' ? undefined : parse(value));
}

function cargoFeatures(value: string): readonly string[] | undefined {
  if (value === 'upstream') return undefined;
  if (value === 'none') return [];
  const features = value.split(',').map((name) => name.trim());
  const invalid = features.find((name) => !/^(?!(?:none|upstream)$)[A-Za-z0-9_][\w+-]*$/.test(name));
  if (invalid !== undefined) {
    throw new Error(
      `${JSON.stringify(invalid)} is not a feature; expected names separated by commas, or none or upstream alone`,
    );
  }
  return [...new Set(features)].sort();
}

function yesNo(value: string): boolean {
  if (/^(yes|true|1|on)$/i.test(value)) return true;
  if (/^(no|false|0|off)$/i.test(value)) return false;
  throw new Error('expected yes or no');
}

/** A parser that accepts only the default value. */
function refuseBut(only: string, why: string): (value: string) => void {
  return (value) => {
    if (value !== only) throw new Error(why);
  };
}

/** Parses the variable `CI`: CI systems set it to various values, most of them to `true`. */
function continuousIntegration(value: string): boolean {
  return !/^(no|false|0|off)$/i.test(value);
}

/**
 * Parses the variable `DEBUG`: `yes`, or the first generation's `-d`. Other programs read the variable too: in a list
 * of patterns of the npm package debug (`pw:api`, `*`), this project is {@link DEBUG_NAME}.
 */
function debugging(value: string): boolean {
  if (/^(yes|true|on|-d|[1-9]\d*)$/i.test(value)) return true;
  const patterns = value.split(/[\s,]+/);
  const names = (pattern: string): boolean =>
    pattern === DEBUG_NAME || (pattern.endsWith('*') && DEBUG_NAME.startsWith(pattern.slice(0, -1)));
  return patterns.some(names) && !patterns.some((pattern) => pattern.startsWith('-') && names(pattern.slice(1)));
}

/** This project's name in patterns of the npm package debug. */
const DEBUG_NAME = 'kata-cc';

function port(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) > 65_535) throw new Error('expected a port number from 0 to 65535');
  return Number(value);
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Error(`expected a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

function containerId(value: string): string {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value)) {
    throw new Error(
      'the agent accepts two or more characters of a-z, A-Z, 0-9, _, . and -, starting with a letter or digit',
    );
  }
  return value;
}

function credentials(value: string): string {
  if (!/^[^:]+:.+$/s.test(value)) throw new Error('expected user:password');
  return value;
}

/** Parses the name of an image or of a repository of images: host, path, tag and digest are only checked roughly. */
function imageReference(value: string): string {
  if (!/^[\w.[][\w.:[\]/@+-]*$/.test(value))
    throw new Error('not a name of an image; expected one such as host/name:tag');
  return value;
}

/**
 * Parses KATA_MUTE. Whether agent or shim has such a method or field, and what a file says, is checked when the agent's
 * protos are known.
 */
function muted(value: string): string {
  if (value.startsWith('/')) return value;
  if (/[\s,;|]/.test(value.trim())) throw new Error('it takes one method or field');
  if (!/^[\w./]{1,200}$/.test(value))
    throw new Error('expected a method, such as PauseContainer, or a field, such as CreateContainer.OCI');
  return value;
}

function mutantName(value: string): string {
  const others = [POLICY_SWAPS, INPUT_SWAPS, CDH_MUTANTS].flatMap((swaps) => Object.keys(swaps));
  const names = [...MUTANTS.map(({ name }) => name), ...others, CDH_PROXY];
  if (!names.includes(value))
    throw new Error(
      `no such mutant${didYouMean(value, names)}; setup/mutants/catalogue.ts and helpers/contract list them`,
    );
  return value;
}

function repository(value: string): string {
  parseRepository(value);
  return value;
}

function packageRepository(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!/^https?:$/.test(url?.protocol ?? '') || /\s/.test(value)) throw new Error('expected an http or https URL');
  return value.endsWith('/') ? value : `${value}/`;
}

function revision(value: string): string {
  if (/^-|[\s~^:?*[\\]|\.\./.test(value)) throw new Error('not a valid name of a branch, tag or commit in git');
  return value;
}

/** Directory of the journals of runs: on disk, so that the journals survive a kill and a reboot. */
export function journalDir(config: Pick<Config, 'cacheDir'>): string {
  return join(config.cacheDir, 'journal');
}
