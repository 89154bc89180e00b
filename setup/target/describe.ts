import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { cdhMutation, isCdhMutant } from '../../helpers/contract/cdh-mutant.ts';
import type { Component } from '../../helpers/contract/component.ts';
import { INPUT_SWAPS, isInputSwap } from '../../helpers/contract/input-swap.ts';
import { muteNote } from '../../helpers/contract/mute.ts';
import { isPolicySwap, POLICY_SWAPS } from '../../helpers/contract/policy-swap.ts';
import type {
  AgentUnderTest,
  CapabilitySet,
  ClusterEndpoint,
  GuestKernel,
  GuestMachine,
  LogFile,
  RegistryEndpoint,
  ReusePort,
  Target,
} from '../../helpers/contract/target.ts';
import { SLOW } from '../../helpers/contract/time-limits.ts';
import { defined } from '../../helpers/defined.ts';
import { type GuestPull, PULL_ON_HOST } from '../../helpers/kata/guest-pull.ts';
import type { KataHypervisor } from '../../helpers/kata/hypervisors.ts';
import type { KataRuntime } from '../../helpers/kata/runtimes.ts';
import { parseContainersPolicy } from '../../helpers/oci/containers-policy.ts';
import { environmentOf, secretsOf } from '../config/config.ts';
import type { ResolvedConfig } from '../config/resolved.ts';
import { lackedCapabilities } from '../host/privileges.ts';
import { NYDUS_UNIT } from '../installation/nydus-service.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import type { Mutant } from '../mutants/mutant.ts';
import type { StepContext } from '../step.ts';
import { agentStep } from '../steps/agent/agent-choice.ts';
import { agentCtlOf } from '../steps/agent/agent-ctl.ts';
import { genpolicyOf } from '../steps/agent/genpolicy.ts';
import { guestPrograms } from '../steps/agent/guest-programs.ts';
import { reusePort } from '../steps/agent/reuse-port.ts';
import { containerd } from '../steps/containerd.ts';
import { containerdOf } from '../steps/containerd-programs.ts';
import { guestEtc } from '../steps/images/guest-etc.ts';
import { imageKeys } from '../steps/images/image-keys.ts';
import { images } from '../steps/images/images.ts';
import { passwordRegistry, registry } from '../steps/images/registry.ts';
import { hypervisorOf, IMAGE_FILE, type KataBundle, runtimeOf } from '../steps/kata/kata-bundle.ts';
import {
  bundleOf,
  containerdOfKata,
  guestPullOf,
  kataInstallation,
  nydusOfKata,
} from '../steps/kata/kata-installation.ts';
import { kubernetes } from '../steps/kata/kubernetes.ts';
import { kbsOf } from '../steps/kbs.ts';
import { vsock } from '../steps/qemu/vsock.ts';
import { assemble } from '../steps/vm/guest-machine.ts';
import { guestMemory } from '../steps/vm/guest-memory.ts';
import { measuredImageOf } from '../steps/vm/measured-image.ts';
import { template } from '../steps/vm/template.ts';
import { type AgentCapabilities, agentCapabilities } from './agent-capabilities.ts';
import { type AttestationParts, attestationCapabilities } from './attestation-capabilities.ts';
import { muteOf } from './mute.ts';
import { policyCapabilities } from './policy-capabilities.ts';
import { kataVersions, runningVersions, runningWithKata } from './running-versions.ts';

/** What guests of target local lack, with the settings that give it. */
const ON_LOCAL_NO = {
  cdh: 'guests of target local have no CDH; set KATA_TARGET=vm, katacontainers_branch=main and KATA_CDH=source',
  guestComponents:
    'guests of target local have no attestation-agent; set KATA_TARGET=vm, katacontainers_branch=main, KATA_CDH=source and KATA_GUEST_COMPONENTS=source',
  kbs: 'target local has no KBS; set KATA_TARGET=vm, katacontainers_branch=main, and KATA_CDH, KATA_GUEST_COMPONENTS and KATA_KBS to source',
  nydus:
    'target local has no nydus-snapshotter; set KATA_TARGET=kata, katacontainers_branch=main, KATA_CDH=source and KATA_PULL=nydus',
} as const;
const NAMES_NO_CDH = 'the agent delegates image pulls to a CDH, and KATA_CDH is not set';
const NO_NYDUS = 'KATA_PULL is not nydus: containerd has no nydus-snapshotter';
const NO_PULL_IMAGE =
  "this containerd's ctr has no command `shim pull-image`; that of the confidential-containers fork has it (KATA_CONTAINERD)";

type RunMutant = Pick<Mutant, 'mutation' | 'name'>;

/** Results of the set-up steps from which the target is described. */
type SetupResults = Pick<StepContext, 'config' | 'runId' | 'runDir' | 'result'>;

/** Describes the target under test from the results of set-up. */
export async function describeTarget(results: SetupResults): Promise<Target> {
  const { config, result } = results;
  if (config.target === 'kata') return describeKata(results);
  const agent = result(agentStep(config));
  const muted = await muteOf(config, agent);
  const mutant = mutantOf(config, agent);
  const allowed = agent.kind === 'kata-agent' ? result(reusePort) : undefined;
  const machine = config.target === 'vm' ? guestMachine(results) : undefined;
  const { version: ofContainerd, ...endpoint } = config.target === 'local' ? result(containerd) : {};
  const kbs = kbsOf(config, results);
  const components = [
    ...guestPrograms(config, results),
    ...[kbs, containerdOf(config, results)].filter((one) => one !== undefined),
  ];
  return {
    ...(await common(results)),
    ...muted,
    ...defined({ kbs: kbs?.path, mutant: mutant?.name }),
    components,
    versions: await runningVersions(
      config,
      defined({ containerd: ofContainerd, 'guest kernel': machine?.kernel.release }),
    ),
    banner:
      banner(agent, machine) +
      componentsNote(components) +
      reusePortNote(allowed) +
      registryNote(result(registry)) +
      isolationNote(config) +
      mutedNote(muted) +
      mutantNote(mutant),
    hypervisor: machine === undefined ? 'none' : 'qemu',
    journalUnits: [],
    agent,
    ...('socket' in endpoint ? { containerd: endpoint } : {}),
    ...defined({ machine, reusePort: allowed }),
    capabilities: complete(
      machine === undefined
        ? onLocal(agent, await lackedCapabilities())
        : onVm(agent, {
            cdh: config.cdh !== undefined,
            guestComponents: config.guestComponents !== undefined,
            kbs: config.kbs !== undefined,
            kernel: machine.kernel.kind,
            measured: machine.measuredImage !== undefined,
            template: machine.template,
          }),
      await ofPolicy(results),
      agent,
      config,
    ),
    ...protosOf(config, agent),
    slow: machine?.accelerator === 'tcg' ? SLOW.emulated : 1,
  };
}

/** Describes target `kata`, with Kata's shim started by this machine's containerd. */
async function describeKata(results: SetupResults): Promise<Target> {
  const { config, result } = results;
  const bundle = await bundleOf(results);
  const { agent, clh, kbs, verity } = bundle;
  const own = containerdOfKata(bundle, results);
  const nydus = nydusOfKata(bundle, results);
  const hypervisor = hypervisorOf(bundle);
  const components = [...(bundle.components ?? []), ...[clh, kbs, own, nydus].filter((one) => one !== undefined)];
  const muted = await muteOf(config, agent);
  const mutant = mutantOf(config, agent);
  const guestPull = guestPullOf(bundle, config);
  const emulated = /^flags\s*:.*\bhypervisor\b/m.test(await readFile('/proc/cpuinfo', 'utf8'));
  const { pullImage, ...endpoint } = result(kataInstallation);
  return {
    ...(await common(results)),
    ...muted,
    ...defined({ kbs: kbs?.path, mutant: mutant?.name }),
    components,
    versions: await runningWithKata(config, kataVersions(bundle, nydus), bundle.declared),
    banner:
      kataBanner(bundle, guestPull) +
      componentsNote(components) +
      reusePortNote(bundle.reusePort) +
      registryNote(result(registry)) +
      isolationNote(config) +
      mutedNote(muted) +
      mutantNote(mutant),
    hypervisor,
    journalUnits: ['containerd', ...(nydus === undefined ? [] : [NYDUS_UNIT])],
    agent,
    containerd: endpoint,
    runtime: runtimeOf(bundle),
    ...(config.cluster ? { kubernetes: result(kubernetes) } : {}),
    ...defined({ guestPull }),
    ...(verity === undefined ? {} : { kataImage: { path: IMAGE_FILE, verity } }),
    capabilities: complete(
      onKata(agent, {
        cluster: config.cluster ? result(kubernetes) : undefined,
        guestComponents: bundle.guestComponents === true,
        guestPull,
        hypervisor,
        kataCtl: bundle.kataCtl === true,
        kbs: kbs !== undefined,
        measured: verity !== undefined,
        processors: availableParallelism(),
        pullImage,
        runtime: runtimeOf(bundle),
      }),
      await ofPolicy(results),
      agent,
      config,
    ),
    ...protosOf(config, agent),
    slow: emulated ? SLOW.nested : 1,
  };
}

/** The properties that the descriptions of all targets share. */
async function common(
  results: SetupResults,
): Promise<
  Omit<Target, 'banner' | 'components' | 'versions' | 'hypervisor' | 'agent' | 'capabilities' | 'journalUnits' | 'slow'>
> {
  const { config, result, runDir, runId } = results;
  return {
    name: config.target,
    runId,
    runDir,
    reportsDir: config.reportsDir,
    evidence: config.evidence,
    secretsFile: await writeSecrets(runDir, result(passwordRegistry), result(imageKeys)),
    logs: logs(runDir),
    environment: environmentOf(config),
    registry: result(registry),
    passwordRegistry: result(passwordRegistry),
    guestEtcContainers: result(guestEtc).etcContainers,
    digests: result(images).digests,
    imageKeysFile: result(imageKeys),
    user: await userChoices(config, runDir),
    ...agentCtlOf(config, results),
    ...genpolicyOf(config, results),
  };
}

function guestMachine(results: SetupResults): GuestMachine {
  const { config, result } = results;
  return {
    ...assemble(results),
    ...measuredImageOf(config, results),
    vsock: result(vsock),
    template: result(template),
    memoryDir: result(guestMemory),
  };
}

/**
 * Writes the file of secrets that evidence must not show: the registry's password, the keys of encrypted images, and secrets in the
 * environment.
 */
async function writeSecrets(
  runDir: string,
  { credentialsFile }: RegistryEndpoint & { readonly credentialsFile: string },
  keysFile: string,
): Promise<string> {
  const file = join(runDir, 'secrets.json');
  const keys = Object.values(JSON.parse(await readFile(keysFile, 'utf8')) as Record<string, string>);
  const secrets = [await readFile(credentialsFile, 'utf8'), ...keys, ...secretsOf()];
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return file;
}

/** Log files of this run's services; services in Docker have none. */
function logs(runDir: string): LogFile[] {
  return [
    { title: 'containerd', path: join(runDir, 'containerd', 'console.log') },
    { title: 'registry', path: join(runDir, 'registry', 'registry.log') },
    { title: 'password-protected registry', path: join(runDir, 'password-registry', 'registry.log') },
  ];
}

async function userChoices(
  { containerId, pullImage, sourceCreds }: ResolvedConfig,
  runDir: string,
): Promise<Target['user']> {
  const credentialsFile = join(runDir, 'source-creds');
  if (sourceCreds !== undefined) await writeFile(credentialsFile, sourceCreds, { mode: 0o600 });
  return {
    ...defined({ pullImage, containerId }),
    ...(sourceCreds === undefined ? {} : { credentialsFile }),
  };
}

/**
 * The directory of protos that the client loads: the user's, else those with which the agent was built, so that all its
 * methods can be called.
 */
function protosOf({ protos }: ResolvedConfig, agent: AgentUnderTest): Pick<Target, 'protos'> {
  return defined({ protos: protos ?? agent.protos });
}

/** One line for reports: which agent answered, where, and what that proves. */
export function banner(
  agent: AgentUnderTest,
  machine?: Pick<GuestMachine, 'acceleration' | 'kernel' | 'template'>,
): string {
  const where =
    machine === undefined
      ? 'in namespaces of this machine, not in a virtual machine'
      : `in virtual machines with kernel ${machine.kernel.release} (${machine.acceleration}${startOf(machine)})`;
  const target = `target ${machine === undefined ? 'local' : 'vm'}`;
  return agent.kind === 'stand-in'
    ? `${target}: the stand-in agent answered, not Kata, ${where}. Green means the suites work; it proves nothing about Kata.`
    : `${target}: kata-agent ${agent.version}${from(agent)} answered, ${where}.`;
}

/** Sentence about the programs beside the agent and their versions; empty if there are none. */
export function componentsNote(components: readonly Component[]): string {
  if (components.length === 0) return '';
  const each = components.map(({ features = [], name, source, toolchain, version }) => {
    if (source === undefined) return version ? `${name} ${version}` : name;
    const facts = [toolchain ?? [], features.length === 0 ? [] : featurePhrase(features)].flat();
    return `${name} built from ${source} (${facts.join('; ')})`;
  });
  return ` Beside the agent: ${each.join(', ')}.`;
}

/** Sentence about an agent that needs SO_REUSEPORT; empty for other agents. */
export function reusePortNote(allowed: Pick<ReusePort, 'ttrpc'> | undefined): string {
  if (allowed === undefined) return '';
  return ` The agent is unchanged, but its ttrpc crate ${allowed.ttrpc} insists on SO_REUSEPORT: where the kernel refuses that for vsock and unix sockets, a BPF program in the guest allows it.`;
}

/** Sentence about registries that Docker failed to run; empty if there is none. */
export function registryNote({ notInDocker }: Pick<RegistryEndpoint, 'notInDocker'>): string {
  return notInDocker === undefined ? '' : ` Its registries run as processes, not in Docker: ${notInDocker}.`;
}

/** Sentence about builds of sources that ran with all rights of this user; empty if there was none. */
export function isolationNote(
  config: Pick<
    ResolvedConfig,
    'buildIsolation' | 'cdhBuild' | 'guestComponentsBuild' | 'kbsBuild' | 'kernelBuild' | 'source'
  >,
): string {
  const { buildIsolation, cdhBuild, guestComponentsBuild, kbsBuild, kernelBuild, source } = config;
  const built = source ?? cdhBuild ?? guestComponentsBuild ?? kbsBuild ?? kernelBuild;
  return buildIsolation || built === undefined ? '' : ' Builds were not isolated (KATA_BUILD_ISOLATION=no).';
}

function mutedNote({ mute }: Pick<Target, 'mute'>): string {
  return mute === undefined ? '' : ` ${muteNote(mute)}`;
}

/** The fault that a run has (`KATA_MUTANT`): in what specs put into guests, or in the stand-in agent. */
function mutantOf({ mutant }: Pick<ResolvedConfig, 'mutant'>, { kind }: AgentUnderTest): RunMutant | undefined {
  if (isPolicySwap(mutant)) return { name: mutant, mutation: POLICY_SWAPS[mutant] };
  if (isInputSwap(mutant)) return { name: mutant, mutation: INPUT_SWAPS[mutant].mutation };
  if (isCdhMutant(mutant)) return { name: mutant, mutation: cdhMutation(mutant) };
  return kind === 'stand-in' ? MUTANTS.find(({ name }) => name === mutant) : undefined;
}

/** Sentence about the fault that a run has; empty if there is none. */
export function mutantNote(mutant: RunMutant | undefined): string {
  if (mutant === undefined) return '';
  const { mutation, name } = mutant;
  return ` A fault is built in (KATA_MUTANT=${name}): ${mutation}. This run shows which specs notice.`;
}

/** Phrase about guests that are not cloned, and therefore start many times more slowly. */
function startOf({ template }: Pick<GuestMachine, 'template'>): string {
  return typeof template === 'string' ? `; guests are booted, not cloned: ${template.split('\n', 1)[0]}` : '';
}

/** The banner of target `kata`: one line with the origin of unusual components. */
export function kataBanner(
  { agent, clh, kernelRelease, qemu, rootfs, runtime }: Omit<KataBundle, 'directory' | 'root' | 'guestEtc'>,
  guestPull?: GuestPull,
): string {
  const parts = [
    `kernel ${kernelRelease}`,
    ...(rootfs === 'osbuilder' ? ["upstream's root file system"] : []),
    ...(qemu === undefined || clh !== undefined ? [] : [qemu.version]),
  ];
  const pulls =
    guestPull === undefined ? '' : `; every image is pulled in its guest, by ${PULL_ON_HOST[guestPull].name}`;
  const shim = runtime === 'rs' ? "Kata's shim (runtime-rs)" : "Kata's shim (Go)";
  const answered = `${shim} answered, with kata-agent ${agent.version}${from(agent)}`;
  return `target kata: ${answered} in virtual machines ${clh === undefined ? '' : 'of Cloud Hypervisor '}with ${parts.join(', ')}${pulls}.`;
}

function from({ commit, features, libc, source, toolchain }: AgentUnderTest): string {
  const facts = [
    ...(source === undefined && commit !== undefined ? [`commit ${commit.slice(0, 10)}`] : []),
    ...(libc === undefined ? [] : [`${toolchain}, ${libc === 'gnu' ? 'glibc' : libc}`]),
    ...(features === undefined ? [] : [featurePhrase(features)]),
  ];
  const built = source === undefined ? '' : ` built from ${source}`;
  return facts.length === 0 ? built : `${built} (${facts.join('; ')})`;
}

function featurePhrase(features: readonly string[]): string {
  return features.length === 0 ? 'no features' : `features ${features.join(', ')}`;
}

/** Capabilities that depend on the kind of target. */
type OfTarget = Omit<
  CapabilitySet,
  'agent-ctl' | 'ccv0-rpc' | 'containers' | 'genpolicy' | 'main-rpc' | keyof AgentCapabilities | keyof OfPolicy
>;
type OfPolicy = ReturnType<typeof policyCapabilities>;

/** All capabilities of a target, from those of its kind and those that depend on agent and settings. */
export function complete(
  ofTarget: OfTarget,
  ofPolicy: OfPolicy,
  agent: AgentUnderTest,
  { agentCtl, genpolicy }: Pick<ResolvedConfig, 'agentCtl' | 'genpolicy'>,
): CapabilitySet {
  const { generation } = agent;
  const unsigned = ofPolicy['unsigned-images'];
  return {
    ...ofTarget,
    ...ofPolicy,
    ...agentCapabilities(agent, ofTarget),
    'ccv0-rpc': generation !== 'guest-pull' || `the agent is of generation ${generation}`,
    'main-rpc': generation === 'guest-pull' || `the agent is of generation ${generation}`,
    containers: unsigned === true ? containersOf(ofTarget, agent) : unsigned,
    genpolicy: genpolicy !== undefined || 'KATA_GENPOLICY is not set: source builds it with the agent',
    'agent-ctl': agentCtl !== undefined || 'KATA_AGENT_CTL is no: source builds it with the agent',
  };
}

/**
 * Capabilities that depend on the guests' image policy. The policy is read from the artefact: the user's file may have
 * changed since.
 */
async function ofPolicy({ config, result }: SetupResults): Promise<OfPolicy> {
  const { policy } = config;
  const file = join(result(guestEtc).etcContainers, 'quay_verification', 'quay_policy.json');
  const given = policy === undefined ? undefined : parseContainersPolicy(await readFile(file, 'utf8'));
  return policyCapabilities(given, { passwordRegistry: result(passwordRegistry) });
}

/**
 * Whether containers get a root file system: an image that the guest pulls, or a directory that fixtures make in the guest. Only agents
 * of main take a directory without an image, and only guests that this project starts have a busybox for it.
 */
function containersOf(
  {
    'guest-pull-skopeo': skopeo,
    'guest-pull-storage': storage,
    'kata-shim': shim,
  }: Pick<OfTarget, 'guest-pull-skopeo' | 'guest-pull-storage' | 'kata-shim'>,
  { generation }: Pick<AgentUnderTest, 'generation'>,
): true | string {
  if (generation === 'guest-pull' && shim !== true) return true;
  return skopeo === true || storage === true || `${skopeo}; ${storage}`;
}

/** The capabilities of target `local` on a machine that lacks Linux capabilities, by their numbers. */
export function onLocal(agent: AgentUnderTest, lacked: readonly number[]): OfTarget {
  const noMachine = 'guests of this target are namespaces of this machine, not VMs';
  return {
    'agent-rpc': true,
    'debug-console':
      agent.kind === 'stand-in' || 'a kata-agent offers its debug console on vsock only, and local has none',
    'guest-console': true,
    'guest-pull-skopeo': pullsWithSkopeo(agent),
    'guest-pull-storage': ON_LOCAL_NO.cdh,
    'guest-components': ON_LOCAL_NO.guestComponents,
    kbs: ON_LOCAL_NO.kbs,
    'guest-exit': true,
    'other-users': startsOthers(agent, lacked),
    'no-sandbox': true,
    'virtual-machine': noMachine,
    'measured-rootfs': noMachine,
    'kernel-modules': noMachine,
    'cloned-guests': noMachine,
    'empty-kernel-parameters': true,
    'runc-compatible-shim': true,
    'kata-shim': RUNC_SHIM,
    'memory-hotplug': RUNC_SHIM,
    'vcpu-hotplug': RUNC_SHIM,
    'guest-swap': RUNC_SHIM,
    'kata-ctl': RUNC_SHIM,
    'kata-runtime': RUNC_SHIM,
    cri: true,
    'nydus-snapshotter': ON_LOCAL_NO.nydus,
    kubernetes: ONLY_KATA,
    'cluster-services': ONLY_KATA,
    'host-pull': true,
    'ctr-shim-pull-image': "this target has runc's shim, which serves no PullImage; Kata's of branch CCv0 does",
    'fault-injection': true,
    'host-processes': true,
    'password-registry': true,
  };
}

/** The capabilities of target `vm`. */
export function onVm(
  agent: AgentUnderTest,
  {
    cdh,
    kernel,
    measured,
    template,
    ...parts
  }: Pick<GuestMachine, 'template'> &
    AttestationParts & {
      readonly cdh: boolean;
      readonly kernel: GuestKernel['kind'];
      readonly measured: boolean;
    },
): OfTarget {
  const noShim = 'target vm starts guests itself, without containerd and shim';
  return {
    'agent-rpc': true,
    'debug-console': true,
    'guest-console': true,
    'guest-pull-skopeo': pullsWithSkopeo(agent),
    'guest-pull-storage': pullsForStorage(agent) ?? (cdh || NAMES_NO_CDH),
    ...attestationCapabilities(agent, parts),
    'guest-exit': true,
    'other-users': true,
    'no-sandbox': true,
    'virtual-machine': true,
    'measured-rootfs': measured || 'KATA_MEASURED_ROOTFS is no: yes builds their disk',
    'kernel-modules': kernel === 'distro' || `a guest kernel of KATA_KERNEL=${kernel} has no loadable modules`,
    'cloned-guests': typeof template !== 'string' || template,
    'empty-kernel-parameters': true,
    'runc-compatible-shim': noShim,
    'kata-shim': noShim,
    'memory-hotplug': noShim,
    'vcpu-hotplug': noShim,
    'guest-swap': noShim,
    'kata-ctl': noShim,
    'kata-runtime': noShim,
    cri: noShim,
    'nydus-snapshotter': noShim,
    kubernetes: noShim,
    'cluster-services': noShim,
    'host-pull': noShim,
    'ctr-shim-pull-image': noShim,
    'fault-injection': true,
    'host-processes': 'processes in a VM are not visible on the host',
    'password-registry': true,
  };
}

const RUNC_SHIM = "this target maps Kata's runtime to runc's shim";
const STATIC_SIZE =
  'KATA_CDH: the configuration of guests that pull has static_sandbox_resource_mgmt, with which a guest keeps its size';
const NO_KATA_CTL = 'KATA_CTL is no: source builds it like runtime-rs';
const NO_GO_PROGRAMS = 'KATA_RUNTIME=rs: runtime-rs has kata-ctl in place of kata-runtime and kata-monitor';
/** Source: DEFSTATICRESOURCEMGMT_QEMU and DEFSTATICRESOURCEMGMT_CLH of src/runtime-rs/Makefile, since Kata 3.32. */
const RS_STATIC_SIZE =
  'KATA_RUNTIME=rs: the configuration of runtime-rs has static_sandbox_resource_mgmt, with which a guest keeps its size';
/** Source: total_mems() of src/runtime-rs/crates/resource/src/cpu_mem/mem.rs. */
const NO_SWAP = 'KATA_RUNTIME=rs: runtime-rs has no enable_guest_swap';
const ONE_PROCESSOR =
  "this machine has one processor, and Kata's shims give no guest more processors than the host has";
const NO_CLUSTER = 'there is no cluster; KUBERNETES=yes brings one up';
const ONLY_KATA = 'only target kata brings up a cluster, with this machine as its node';

/** Source: get_serial_cfg() and get_console_cfg() of src/runtime-rs/crates/hypervisor/ch-config. */
const NO_CONSOLE = 'KATA_HYPERVISOR=clh: runtime-rs gives guests in Cloud Hypervisor no console that others can read';

/** The capabilities of target `kata`. */
export function onKata(
  agent: AgentUnderTest,
  {
    cluster,
    guestPull,
    hypervisor,
    kataCtl,
    processors,
    pullImage,
    runtime,
    ...parts
  }: AttestationParts & {
    readonly cluster: Pick<ClusterEndpoint, 'services'> | undefined;
    readonly guestPull: GuestPull | undefined;
    readonly hypervisor: KataHypervisor;
    readonly kataCtl: boolean;
    readonly measured: boolean;
    /** Processors of this machine. */
    readonly processors: number;
    readonly pullImage: boolean;
    readonly runtime: KataRuntime;
  },
): OfTarget {
  const dynamic = guestPull === undefined || STATIC_SIZE;
  const plugged = runtime === 'go' ? dynamic : RS_STATIC_SIZE;
  return {
    ...onVm(agent, {
      ...parts,
      cdh: guestPull !== undefined,
      kernel: 'source',
      template: "Kata's shim boots every guest",
    }),
    'guest-console': hypervisor === 'qemu' || NO_CONSOLE,
    // Source: SerializeParams in Kata's virtcontainers.
    'empty-kernel-parameters': "Kata's runtime passes on an empty value without its =",
    'kernel-modules': "the kernel of Kata's guests has no module dummy",
    'no-sandbox': "Kata's shim calls CreateSandbox for every guest",
    'virtual-machine': "Kata's shim configures the VMs: specs cannot change their memory, processors or disks",
    'runc-compatible-shim': true,
    'kata-shim': true,
    'memory-hotplug': plugged,
    'vcpu-hotplug': plugged === true ? processors > 1 || ONE_PROCESSOR : plugged,
    'guest-swap': runtime === 'go' ? dynamic : NO_SWAP,
    'kata-ctl': kataCtl || NO_KATA_CTL,
    'kata-runtime': runtime === 'go' || NO_GO_PROGRAMS,
    cri: true,
    'nydus-snapshotter': guestPull === 'nydus' || NO_NYDUS,
    kubernetes: cluster !== undefined || NO_CLUSTER,
    'cluster-services': cluster === undefined ? NO_CLUSTER : cluster.services || 'the cluster has no kube-proxy',
    'host-pull': guestPull === undefined || 'KATA_CDH: guests pull the images of all containers',
    'fault-injection': 'the registry of this target has no proxy that injects faults',
    'ctr-shim-pull-image': pullsThroughShim(agent, pullImage),
  };
}

/** Whether `ctr` can have Kata's shim pull an image: the shim of the branch that has the agent's grpc.Image passes the call on. */
function pullsThroughShim({ generation }: AgentUnderTest, pullImage: boolean): true | string {
  if (generation === 'guest-pull') return "the shim of Kata's main serves no PullImage; that of branch CCv0 does";
  return pullImage || NO_PULL_IMAGE;
}

/**
 * Why the agent cannot pull an image for an image_guest_pull storage; `undefined` if it can, provided a CDH is present.
 */
function pullsForStorage({ generation }: AgentUnderTest): string | undefined {
  return generation === 'guest-pull'
    ? undefined
    : `the agent is of generation ${generation}, and pulls when grpc.Image/PullImage asks it to; for agents of main with a CDH, set katacontainers_branch=main and KATA_CDH=source`;
}

/**
 * Whether an agent on this machine can start a process of another user: a kata-agent then requests every Linux capability of the
 * kernel. Source: `reset_effective` in src/agent/rustjail/src/capabilities.rs.
 */
function startsOthers({ kind }: AgentUnderTest, lacked: readonly number[]): true | string {
  if (kind === 'stand-in' || lacked.length === 0) return true;
  return `a kata-agent requests every Linux capability for a process of another user, and this machine lacks number ${lacked.join(', ')} of capabilities(7)`;
}

function pullsWithSkopeo({ generation }: AgentUnderTest): true | string {
  return (
    generation === 'skopeo' ||
    `the agent is of generation ${generation}, and does not pull with skopeo, as that of katacontainers_branch=CCv0 does`
  );
}
