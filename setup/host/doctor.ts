import { versionText } from '../../helpers/contract/running-version.ts';
import { whyTooOld } from '../../helpers/contract/too-old.ts';
import { defined } from '../../helpers/defined.ts';
import { BUILD_ID } from '../../helpers/isolation/sandbox.ts';
import type { DeclaredVersions } from '../../helpers/kata/declared-versions.ts';
import { PULL_ON_HOST } from '../../helpers/kata/guest-pull.ts';
import { HYPERVISOR_ON_HOST } from '../../helpers/kata/hypervisors.ts';
import { atLeast } from '../../helpers/text/version.ts';
import {
  buildsContainerd,
  buildsIsolated,
  buildsWithoutIsolation,
  REQUIREMENTS,
  TOOLS,
  toolsFor,
} from '../config/pins.ts';
import type { TargetedConfig } from '../config/validated.ts';
import { OTHER_CONTAINERD, versionInName, whyNotContainerd } from './containerd-version.ts';
import { PRIVILEGES, type Privilege } from './privileges.ts';
import { type Feature, type Host, thisProcess } from './probe.ts';
import type { FoundVersion } from './versions.ts';

/** The result of checking one requirement of the target. `problem` says what is missing and how to get it. */
export interface CheckResult {
  readonly what: string;
  readonly problem?: string;
  /** Whether set-up can fix the problem itself. */
  readonly fixable?: true;
  /** What a run reports as a warning. */
  readonly warning?: string;
}

const NAMESPACES: readonly Feature[] = [
  'overlay',
  'cgroups',
  'pid-namespaces',
  'network-namespaces',
  'cgroup-namespaces',
];

/** The versions on a machine, and what the Kata under test declares of them, as far as it is known. */
export interface Versions {
  readonly found: readonly FoundVersion[];
  readonly declared?: DeclaredVersions | undefined;
}

/** Checks a machine against the requirements of the configured target; a pure function. */
export function diagnose(
  config: TargetedConfig,
  host: Host,
  versions: Versions = { found: [] },
): readonly CheckResult[] {
  return [
    ...basics(host),
    ...(config.target === 'local' && host.root ? privileges(host) : []),
    memory(config, host),
    disk(config, host),
    ...(config.target === 'local' ? NAMESPACES : []).map((feature) => has(feature, host)),
    ...(config.target === 'vm' ? [processor(), accelerator(config, host)] : []),
    ...(config.target === 'kata' ? [processor(), nestable(host)] : []),
    ...(buildsIsolated(config) ? [isolation(config, host)] : []),
    ...notIsolated(config),
    ...tools(config, host),
    ...hypervisor(config),
    ...guestPull(config),
    ...builtContainerd(config),
    ...versionChecks(config, versions),
  ];
}

/**
 * Checks a machine against the requirements of a build, which starts no guest: those of the smallest target. A pure
 * function.
 */
export function diagnoseBuild(config: TargetedConfig, host: Host): readonly CheckResult[] {
  return [...basics(host), disk({ ...config, target: 'local' }, host)];
}

/** Checks the containerd that the user has set, which a bundle of Kata has; none for that of a distribution or of the user's bundle. */
export function ownContainerd(config: TargetedConfig, versions: Versions): readonly CheckResult[] {
  if (config.containerd === 'distro' || config.bundle !== undefined) return [];
  return [...builtContainerd(config), ...versionChecks(config, versions)];
}

/** Checks the requirements that every target has of this process: Node.js, platform, user. */
export function basics(of: Pick<Host, 'nodeVersion' | 'platform' | 'root'> = thisProcess()): readonly CheckResult[] {
  return [platform(of), node(of), root(of)];
}

/** The problems among the findings that set-up cannot fix itself. */
export function obstacles(findings: readonly CheckResult[]): readonly string[] {
  return findings.flatMap(({ problem, fixable }) => (problem === undefined || fixable ? [] : [problem]));
}

function platform({ platform: name }: Pick<Host, 'platform'>): CheckResult {
  return name === 'linux'
    ? { what: name }
    : {
        what: name,
        problem: `this is ${name}: guests need Linux (namespaces, QEMU, containerd); run it in a Linux machine`,
      };
}

function node({ nodeVersion }: Pick<Host, 'nodeVersion'>): CheckResult {
  const what = `Node.js ${nodeVersion}`;
  return atLeast(nodeVersion, REQUIREMENTS.node)
    ? { what }
    : { what, problem: `Node.js ${nodeVersion} is too old; ${REQUIREMENTS.node} or later is needed` };
}

function root(host: Pick<Host, 'root'>): CheckResult {
  return host.root
    ? { what: 'root' }
    : {
        what: 'root',
        problem: 'not root: namespaces and cgroups need it; run as root (sudo -E env "PATH=$PATH" pnpm test)',
      };
}

/** Checks each privilege (Linux capability) that the target requires. */
function privileges(host: Host): CheckResult[] {
  return (Object.keys(PRIVILEGES) as Privilege[]).map((name) => {
    const what = `${name}: ${PRIVILEGES[name].use}`;
    if (host.privileges.includes(name)) return { what };
    return { what, problem: `root lacks ${name}, needed for ${PRIVILEGES[name].use}; run with this capability` };
  });
}

/** Privileges with which root isolates a build and becomes its user. */
const ISOLATING: readonly Privilege[] = ['CAP_SYS_ADMIN', 'CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP', 'CAP_CHOWN'];

/** Checks whether builds of sources can be isolated from this machine, unless the user has switched that off. */
function isolation({ buildIsolation }: TargetedConfig, host: Host): CheckResult {
  if (!buildIsolation) return { what: 'builds of sources are not isolated (KATA_BUILD_ISOLATION=no)' };
  const what = `cargo and Go builds of sources run isolated, as user ${BUILD_ID}`;
  const lacking = ISOLATING.filter((name) => !host.privileges.includes(name));
  return lacking.length === 0
    ? { what }
    : {
        what,
        problem: `builds cannot be isolated: root lacks ${lacking.join(', ')}; run with it, or set KATA_BUILD_ISOLATION=no if you trust the source`,
      };
}

/** Says which builds run with all rights of this process's user, whichever KATA_BUILD_ISOLATION is. */
function notIsolated(config: TargetedConfig): readonly CheckResult[] {
  const names = buildsWithoutIsolation(config);
  if (names.length === 0 || !config.buildIsolation) return [];
  return [{ what: `not isolated yet, built as root from the source: ${names.join(', ')}` }];
}

function memory({ target }: TargetedConfig, { memoryMib }: Host): CheckResult {
  const what = `${memoryMib} MiB of memory`;
  const needed = REQUIREMENTS[target].memoryMib;
  return memoryMib >= needed
    ? { what }
    : { what, problem: `${what}: ${needed} MiB are needed, guests write to memory` };
}

function disk({ cacheDir, target }: TargetedConfig, { cacheFreeMib }: Host): CheckResult {
  const what = `${cacheFreeMib} MiB free for ${cacheDir}`;
  const needed = REQUIREMENTS[target].cacheFreeMib;
  return cacheFreeMib >= needed
    ? { what }
    : { what, problem: `disk full: ${what}, ${needed} MiB are needed; free some, or set KATA_CACHE_DIR` };
}

function processor(): CheckResult {
  const what = `processor ${process.arch}`;
  return process.arch === 'x64'
    ? { what }
    : { what, problem: `${what}: guests of KATA_TARGET=vm are x86_64 machines so far; use KATA_TARGET=local` };
}

function accelerator({ accelerator: wanted }: TargetedConfig, { features }: Host): CheckResult {
  if (wanted === 'kvm' && !features.kvm) {
    return {
      what: 'kvm',
      problem: 'KATA_ACCEL=kvm: there is no /dev/kvm; load kvm_intel or kvm_amd, or leave it unset',
    };
  }
  return { what: features.kvm ? 'kvm, if a guest boots with it' : 'software emulation, since /dev/kvm is missing' };
}

function nestable({ features }: Host): CheckResult {
  const missing = (['kvm', 'vhost-vsock'] as const).filter((feature) => !features[feature]);
  const what = '/dev/kvm and /dev/vhost-vsock';
  return missing.length === 0
    ? { what }
    : {
        what,
        problem: `KATA_TARGET=kata: there is no ${missing.map((name) => `/dev/${name}`).join(' and no ')}; \`pnpm devvm test\` runs it in a dev VM that has them`,
      };
}

function has(feature: Feature, { features }: Host): CheckResult {
  return features[feature]
    ? { what: feature }
    : { what: feature, problem: `the kernel offers no ${feature}; use a kernel that does (any distribution's own)` };
}

function tools(config: TargetedConfig, host: Host): CheckResult[] {
  return toolsFor(config).map((tool) => {
    const path = host.tools[tool];
    if (path !== undefined) return { what: path };
    const problem = `${tool} is missing; install the package ${TOOLS[tool]}`;
    return canInstall(host)
      ? { what: tool, problem: `${problem} (set-up will)`, fixable: true }
      : { what: tool, problem };
  });
}

/** Says in which hypervisor guests run, if it is not QEMU. */
function hypervisor({ hypervisor: name, target }: TargetedConfig): readonly CheckResult[] {
  if (target !== 'kata' || name === 'qemu') return [];
  return [{ what: `guests run in ${HYPERVISOR_ON_HOST[name].name}` }];
}

/** Says how guests that pull their images learn of them. */
function guestPull({ cdh, pull, target }: TargetedConfig): readonly CheckResult[] {
  if (target !== 'kata' || (cdh === undefined && pull === undefined)) return [];
  return [{ what: `guests pull their images, by ${PULL_ON_HOST[pull ?? 'force'].name}` }];
}

function versionChecks(config: TargetedConfig, { declared = {}, found }: Versions): CheckResult[] {
  return found.map(({ path, program, version }): CheckResult => {
    const running = { program, version, ...defined({ declared: declared[program] }) };
    const what = `${versionText(running)}: ${path}`;
    const name = `containerd ${version} (${path})`;
    const problem =
      program === 'containerd' ? whyNotContainerd(config, version, { name, remedy: OTHER_CONTAINERD }) : undefined;
    if (problem !== undefined) return { what, problem };
    const tooOld = whyTooOld(running);
    return tooOld === undefined ? { what } : { what, warning: `${tooOld}; ${OTHER_CONTAINERD}` };
  });
}

/** Says which containerd is built, as far as its setting tells. */
function builtContainerd(config: TargetedConfig): readonly CheckResult[] {
  const { containerdVersion } = config;
  if (!buildsContainerd(config)) return [];
  const what = `containerd ${containerdVersion}, built from its source`;
  const version = versionInName(containerdVersion);
  const name = `KATA_CONTAINERD_VERSION=${containerdVersion}`;
  const problem =
    version === undefined ? undefined : whyNotContainerd(config, version, { name, remedy: 'set a later one' });
  return [{ what, ...defined({ problem }) }];
}

/** Whether set-up can install packages on this machine. */
export function canInstall(host: Host): boolean {
  return host.root && ['debian', 'ubuntu'].includes(host.distribution);
}

/** Formats the doctor's findings for the terminal. */
export function renderChecks(findings: readonly CheckResult[]): string {
  return findings
    .map(({ what, problem, warning }) => {
      if (problem !== undefined) return `  MISSING  ${problem}`;
      return warning === undefined ? `  ok       ${what}` : `  WARNING  ${warning}`;
    })
    .join('\n');
}
