import { accessSync, constants, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseContainersPolicy } from '../helpers/containers-policy.ts';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import { commandLine } from '../helpers/exec.ts';
import { parseRepository } from '../helpers/git/repository.ts';
import { givenPath, whyNoDirectory } from '../helpers/given-path.ts';
import { didYouMean } from '../helpers/nearest.ts';
import type { Accelerator } from '../helpers/qemu/vm-config.ts';
import type { RegistryRunner } from '../helpers/registry/start.ts';
import { isShort, passwordOf, SHORTEST_SECRET } from '../helpers/secrets.ts';
import type { Target, TargetName } from '../helpers/target.ts';
import {
  allOf,
  type Effect,
  onlyWith,
  onTargets,
  unlessBundled,
  unlessKataBuildsIt,
  unlessNoCluster,
  unlessStandIn,
  whereKataIsBuilt,
} from './effect.ts';
import { MUTANTS } from './mutants/catalogue.ts';
import { credentialsOf, type Outbound, outboundOf } from './outbound.ts';
import { unknownSettings } from './unknown-settings.ts';
import { KUBERNETES_REPOSITORY, SEED_COMMIT } from './versions.ts';

/** What the user asked for, checked. */
export interface Config {
  readonly target: TargetName | 'auto';
  /** `auto`, `stand-in`, `source`, or the absolute path of a kata-agent. */
  readonly agent: string;
  /** Upstream's client for the agent: `source`, or its absolute path. */
  readonly agentCtl: string | undefined;
  /** The confidential data hub for guests: `source`, or its absolute path. */
  readonly dataHub: string | undefined;
  /** Its repository and revision, when they are not those that Kata names. */
  readonly dataHubRepo: string | undefined;
  readonly dataHubVersion: string | undefined;
  /** Directory of .proto files to load instead of ours. */
  readonly protos: string | undefined;
  /** A policy.json to put in the guest instead of the seed's. */
  readonly policy: string | undefined;
  readonly cacheDir: string;
  readonly reportsDir: string;
  /** Where a line is kept of every run. */
  readonly historyDir: string;
  /** Whose evidence is kept. */
  readonly evidence: Target['evidence'];
  /** Whether a declared method without spec and excuse turns a full run red. */
  readonly coverageGate: boolean;
  /** File that GitHub Actions shows with the job; set by it. */
  readonly githubSummary: string | undefined;
  /** Who runs the registries. */
  readonly registryRunner: RegistryRunner;
  /** TCP port of the registry on loopback; 0 takes a free one. */
  readonly registryPort: number;
  readonly pullImage: string | undefined;
  readonly containerId: string | undefined;
  /** `user:password` for the user's own image. Goes to a file only the guest's owner can read; never printed. */
  readonly sourceCreds: string | undefined;
  readonly kataRepo: string;
  readonly kataBranch: string;
  /** Whose kernel a guest boots: the distribution's, ours, or upstream's. */
  readonly kernel: 'distro' | 'build' | 'source';
  /** Unpacked tree or archive of a kernel that upstream's is made of, instead of the one its scripts fetch. */
  readonly kernelSource: string | undefined;
  /** Whose QEMU runs Kata's guests (target `kata`). */
  readonly qemu: 'distro' | 'source';
  /** Its repository and revision, when they are not those that Kata names. */
  readonly qemuRepo: string | undefined;
  readonly qemuVersion: string | undefined;
  readonly accelerator: Accelerator | 'auto';
  /** Guests are cloned from a machine that was booted once. */
  readonly template: boolean;
  readonly guestMemoryMib: number;
  readonly guestCpus: number;
  /** Directory of a Kata that was built elsewhere (target `kata`). */
  readonly bundle: string | undefined;
  /** Whose root file system a guest has (target `kata`). */
  readonly rootfs: 'own' | 'osbuilder';
  /** Whether a cluster is brought up (target `kata`). */
  readonly kubernetes: 'auto' | 'yes' | 'no';
  /** Directory with Kubernetes' programs (`bin/`) and images (`images/*.tar`). */
  readonly kubernetesBundle: string | undefined;
  /** Where the control plane's images come from, when not from upstream's registry. */
  readonly kubernetesImages: string | undefined;
  /** URL of the repository with the packages of Kubernetes. */
  readonly kubernetesRepository: string;
  /** A lie for the stand-in agent to tell, by its name in setup/mutants. */
  readonly mutant: string | undefined;
  readonly debug: boolean;
  readonly ci: boolean;
  /** Proxies and toolchain homes, for the programs they are meant for. May hold credentials. */
  readonly outbound: Outbound;
}

/** A configuration whose target is decided. */
export type TargetedConfig = Config & { readonly target: TargetName };

/** The configuration for one target, whatever the user said of it. */
export function aimedAt(target: TargetName, config: Config): TargetedConfig {
  return { ...config, target };
}

/** One environment variable: how it is read, and what the README says about it. */
export interface Variable<T = unknown> {
  readonly name: string;
  readonly fallback: string;
  readonly meaning: string;
  /** Throws an error that says what would be right. */
  readonly parse: (value: string) => T;
  /** Where a value other than the default has an effect; everywhere when absent. */
  readonly effect?: Effect;
}

const NO_TESTS_REPOSITORY =
  'nothing is taken from a repository of tests: this project does what its scripts did (packages, QEMU, Kubernetes); unset it';

type Fields = { readonly [Key in Exclude<keyof Config, 'outbound'>]: Variable<Config[Key]> };

/** Every variable that is read, in the order of the README's table. */
export const VARIABLES: Fields = {
  target: {
    name: 'KATA_TARGET',
    fallback: 'auto',
    meaning:
      'where guests are: `local` (namespaces of this machine), `vm` (virtual machines), `kata` (Kata itself, with containerd), or `auto`: see above',
    parse: oneOf(['auto', 'local', 'vm', 'kata']),
  },
  agent: {
    name: 'KATA_AGENT',
    fallback: 'auto',
    meaning:
      'the agent: `stand-in`, `source` (built from `katacontainers_repo`), the path of a kata-agent, or `auto`: source where it can be built, on `local` only when `katacontainers_repo` is set',
    parse: (value) => (['auto', 'stand-in', 'source'].includes(value) ? value : program(value)),
    effect: unlessKataBuildsIt,
  },
  agentCtl: {
    name: 'KATA_AGENT_CTL',
    fallback: 'no',
    meaning:
      "upstream's own client for the agent, which then asks it as well: `no`, `source` (built with the agent), or the path of a kata-agent-ctl",
    parse: (value) => (value === 'no' ? undefined : value === 'source' ? value : program(value)),
  },
  dataHub: {
    name: 'KATA_CDH',
    fallback: '',
    meaning:
      "the confidential data hub for guests whose agent leaves pulling to one, as main's does (targets `vm` and `kata`): `source` (built with cargo), or the path of one that speaks ttrpc",
    parse: optional((value) => (value === 'source' ? value : program(value))),
    effect: unlessStandIn,
  },
  dataHubRepo: {
    name: 'KATA_CDH_REPO',
    fallback: '',
    meaning:
      'for `KATA_CDH=source`: another repository of guest-components than the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: allOf(
      onlyWith('KATA_CDH=source', ({ dataHub }) => dataHub === 'source'),
      unlessBundled,
    ),
  },
  dataHubVersion: {
    name: 'KATA_CDH_VERSION',
    fallback: '',
    meaning: 'its tag, branch or commit, when it is not the version that Kata names',
    parse: optional(revision),
    effect: allOf(
      onlyWith('KATA_CDH=source', ({ dataHub }) => dataHub === 'source'),
      unlessBundled,
    ),
  },
  protos: {
    name: 'KATA_PROTOS',
    fallback: '',
    meaning:
      "directory of a Kata checkout whose .proto files are loaded instead of this project's; they must be of the agent's generation",
    parse: optional(readableDirectory),
  },
  policy: {
    name: 'KATA_POLICY',
    fallback: '',
    meaning:
      "the image policy of guests, a file as containers-policy.json(5) has it, instead of upstream's; specs it invalidates are skipped",
    parse: optional(policyFile),
  },
  cacheDir: {
    name: 'KATA_CACHE_DIR',
    fallback: '/var/cache/kata-cc',
    meaning: 'where images, keys and builds are kept between runs',
    parse: cacheDirectory,
  },
  reportsDir: {
    name: 'KATA_REPORTS_DIR',
    fallback: 'reports/out',
    meaning: 'where reports and evidence go',
    parse: directoryToMake,
  },
  historyDir: {
    name: 'KATA_HISTORY_DIR',
    fallback: 'reports/history',
    meaning: 'where a line of every run is kept, for trends; in CI, a directory that outlives the job',
    parse: directoryToMake,
  },
  evidence: {
    name: 'KATA_EVIDENCE',
    fallback: 'failed',
    meaning: 'whose evidence is kept: `failed` (and of specs that ask for it), or `always`',
    parse: oneOf(['failed', 'always']),
  },
  coverageGate: {
    name: 'KATA_COVERAGE_GATE',
    fallback: 'no',
    meaning: 'a full run is red when a declared method has neither a spec nor an entry in `suites/uncovered.json`',
    parse: yesNo,
  },
  githubSummary: {
    name: 'GITHUB_STEP_SUMMARY',
    fallback: '',
    meaning: 'set by GitHub Actions: the summary is appended to this file, and failed tests are annotated',
    parse: optional((value) => value),
  },
  registryRunner: {
    name: 'KATA_REGISTRY',
    fallback: 'auto',
    meaning:
      'who runs the registries: `docker` (by testcontainers), `process`, or `auto`: Docker when an engine answers and can run them',
    parse: oneOf(['auto', 'docker', 'process']),
  },
  registryPort: {
    name: 'KATA_REGISTRY_PORT',
    fallback: '0',
    meaning: 'port of the registry on loopback; 0 takes a free one',
    parse: port,
  },
  pullImage: {
    name: 'PULL_IMAGE',
    fallback: '',
    meaning: 'an image of your own that the pull specs pull as well, named as the guest resolves it',
    parse: optional((value) => value),
  },
  containerId: {
    name: 'CONTAINER_ID',
    fallback: '',
    meaning: 'for `PULL_IMAGE`: container id under which it is pulled; `0123456789` by default',
    parse: optional(containerId),
    effect: onlyWith('PULL_IMAGE', ({ pullImage }) => pullImage !== undefined),
  },
  sourceCreds: {
    name: 'SOURCE_CREDS',
    fallback: '',
    meaning: 'for `PULL_IMAGE`: its credentials, `user:password`; never written to a log or a report',
    parse: optional(credentials),
    effect: onlyWith('PULL_IMAGE', ({ pullImage }) => pullImage !== undefined),
  },
  kataRepo: {
    name: 'katacontainers_repo',
    fallback: 'github.com/kata-containers/kata-containers',
    meaning: 'Kata repository to build from: `github.com/owner/name`, a git URL, or a path on this machine',
    parse: repository,
    effect: whereKataIsBuilt,
  },
  kataBranch: {
    name: 'katacontainers_branch',
    fallback: SEED_COMMIT,
    meaning:
      'its branch, tag, commit or `refs/pull/N/head`; of a path also `worktree`: what is there now, committed or not',
    parse: revision,
    effect: whereKataIsBuilt,
  },
  kernel: {
    name: 'KATA_KERNEL',
    fallback: 'distro',
    meaning:
      "the guest's kernel: `distro` (the distribution's; target `vm`), `build` (its source, configured here, minutes) or `source` (upstream's scripts); `kata` takes `build` for `distro`",
    parse: oneOf(['distro', 'build', 'source']),
    effect: allOf(onTargets('vm', 'kata'), unlessBundled),
  },
  kernelSource: {
    name: 'KATA_KERNEL_SOURCE',
    fallback: '',
    meaning:
      'for `KATA_KERNEL=source`: an unpacked kernel, or an archive of one, instead of the version Kata names, which is fetched',
    parse: optional(givenPath),
    effect: allOf(
      onlyWith('KATA_KERNEL=source', ({ kernel }) => kernel === 'source'),
      onTargets('vm', 'kata'),
      unlessBundled,
    ),
  },
  qemu: {
    name: 'KATA_QEMU',
    fallback: 'distro',
    meaning:
      "the QEMU that runs guests of target `kata`: `distro` (the distribution's) or `source` (patched, configured and built by upstream's scripts)",
    parse: oneOf(['distro', 'source']),
    effect: onTargets('kata'),
  },
  qemuRepo: {
    name: 'KATA_QEMU_REPO',
    fallback: '',
    meaning: 'for `KATA_QEMU=source`: another repository of QEMU than the one Kata names; a git URL, or a path',
    parse: optional(repository),
    effect: allOf(
      onlyWith('KATA_QEMU=source', ({ qemu }) => qemu === 'source'),
      onTargets('kata'),
      unlessBundled,
    ),
  },
  qemuVersion: {
    name: 'KATA_QEMU_VERSION',
    fallback: '',
    meaning: 'its tag, branch or commit, when it is not the version that Kata names',
    parse: optional(revision),
    effect: allOf(
      onlyWith('KATA_QEMU=source', ({ qemu }) => qemu === 'source'),
      onTargets('kata'),
      unlessBundled,
    ),
  },
  accelerator: {
    name: 'KATA_ACCEL',
    fallback: 'auto',
    meaning: 'what runs a guest: `kvm`, `tcg` (software emulation), or `auto`: kvm where a guest boots with it',
    parse: oneOf(['auto', 'kvm', 'tcg']),
    effect: onTargets('vm'),
  },
  template: {
    name: 'KATA_TEMPLATE',
    fallback: 'yes',
    meaning: 'clone guests from a machine that was booted once, instead of booting each (target `vm`)',
    parse: yesNo,
    effect: onTargets('vm'),
  },
  guestMemoryMib: {
    name: 'KATA_GUEST_MEMORY',
    fallback: '2048',
    meaning: 'memory of a guest in MiB (target `vm`); used as the guest touches it',
    parse: wholeNumber(512, 65_536),
    effect: onTargets('vm'),
  },
  guestCpus: {
    name: 'KATA_GUEST_CPUS',
    fallback: '1',
    meaning: 'processors of a guest (target `vm`)',
    parse: wholeNumber(1, 8),
    effect: onTargets('vm'),
  },
  bundle: {
    name: 'KATA_BUNDLE',
    fallback: '',
    meaning: 'a Kata built elsewhere, to be installed instead of building one here (target `kata`)',
    parse: optional(readableDirectory),
    effect: onTargets('kata'),
  },
  rootfs: {
    name: 'KATA_ROOTFS',
    fallback: 'own',
    meaning:
      "the guest's root file system (target `kata`): `own` (a small one that is made here) or `osbuilder` (upstream's, with systemd, by the osbuilder of `katacontainers_repo`)",
    parse: oneOf(['own', 'osbuilder']),
    effect: allOf(onTargets('kata'), unlessBundled),
  },
  kubernetes: {
    name: 'KUBERNETES',
    fallback: 'auto',
    meaning:
      'a cluster of one node by kubeadm (target `kata`): `yes`, `no`, or `auto`: where there is one already or `KATA_KUBERNETES_BUNDLE` is set',
    parse: oneOf(['auto', 'yes', 'no']),
    effect: onTargets('kata'),
  },
  kubernetesBundle: {
    name: 'KATA_KUBERNETES_BUNDLE',
    fallback: '',
    meaning:
      "directory with Kubernetes' programs in `bin/` and image archives in `images/`, for a machine without a network",
    parse: optional(readableDirectory),
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  kubernetesImages: {
    name: 'KATA_KUBERNETES_IMAGES',
    fallback: '',
    meaning: "repository of the control plane's images, when it is not upstream's",
    parse: optional((value) => value),
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  kubernetesRepository: {
    name: 'KATA_KUBERNETES_REPOSITORY',
    fallback: KUBERNETES_REPOSITORY,
    meaning: 'Debian packages of kubeadm, kubelet and kubectl, installed where there are none',
    parse: packageRepository,
    effect: allOf(onTargets('kata'), unlessNoCluster),
  },
  mutant: {
    name: 'KATA_MUTANT',
    fallback: '',
    meaning:
      'a lie for the stand-in agent to tell, as `pnpm mutants` does: specs must notice; for `KATA_AGENT=stand-in`',
    parse: optional(mutantName),
    effect: onlyWith('KATA_AGENT=stand-in', ({ agent }) => agent === 'stand-in'),
  },
  debug: {
    name: 'DEBUG',
    fallback: 'no',
    meaning:
      'show every command of set-up, and what it prints: `yes`, `no`, or names as the npm package debug takes them, of which this is `kata-cc`',
    parse: debugging,
  },
  ci: {
    name: 'CI',
    fallback: 'no',
    meaning: 'plain progress lines instead of live ones',
    parse: continuousIntegration,
  },
};

/** Names of the first generation's scripts that leave nothing to choose: any value but the default is refused. */
export const FIXED: readonly Variable<void>[] = [
  {
    name: 'KATA_HYPERVISOR',
    fallback: 'qemu',
    meaning: 'hypervisor (targets `vm` and `kata`): `qemu`; no other is supported, and any other is refused',
    parse: refuseBut('qemu', 'guests run in QEMU, no other hypervisor is supported; unset it, or set it to qemu'),
  },
  {
    name: 'tests_repo',
    fallback: '',
    meaning: 'refused: nothing is taken from a repository of tests, its scripts for set-up are part of this project',
    parse: refuseBut('', NO_TESTS_REPOSITORY),
  },
  {
    name: 'tests_branch',
    fallback: '',
    meaning: 'refused, for the same reason',
    parse: refuseBut('', NO_TESTS_REPOSITORY),
  },
];

/** Reads and checks the environment. Throws {@link ConfigError}: one line that names variable, value and remedy. */
export function loadConfig(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  for (const variable of FIXED) read(variable, environment);
  const entries = Object.entries(VARIABLES).map(([field, variable]) => [field, read(variable, environment)]);
  return Object.freeze({ ...Object.fromEntries(entries), outbound: outboundOf(environment) }) as Config;
}

const SHORT_PASSWORD = `SOURCE_CREDS: a password of fewer than ${SHORTEST_SECRET} letters is removed from reports beside its user name, and in headers, flags and fields; elsewhere it stays`;

/** What is odd about the settings that were given, and no error. */
export function settingNotices(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const names = [...Object.values(VARIABLES), ...FIXED].map(({ name }) => name);
  const password = passwordOf(environment['SOURCE_CREDS'] ?? '');
  return [
    ...unknownSettings(environment, names),
    ...(password !== undefined && isShort(password) ? [SHORT_PASSWORD] : []),
  ];
}

/** Where reports go, also when another setting is wrong: those of an earlier run must not stay there. */
export function reportsDirOf(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  return String(read(VARIABLES.reportsDir, environment));
}

/** The variables the user has set, as they were given. */
export function givenVariables(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Record<string, string> {
  const names = Object.values(VARIABLES).map(({ name }) => name);
  return Object.fromEntries(names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
}

const SECRET = new Set(['SOURCE_CREDS']);

function read(variable: Variable, environment: Readonly<Record<string, string | undefined>>): unknown {
  const value = environment[variable.name] || variable.fallback;
  try {
    return variable.parse(value);
  } catch (problem) {
    throw new ConfigError(`${shown(variable.name, value)}: ${messageOf(problem)}`);
  }
}

/** A setting as messages quote it: without its value when that is secret. */
function shown(name: string, value: string): string {
  return SECRET.has(name) ? name : `${name}=${value}`;
}

/** A setting that changes nothing. */
export interface WithoutEffect {
  readonly name: string;
  /** The setting and the reason. */
  readonly line: string;
  readonly refused: boolean;
}

/** Settings the user gave that change nothing in a configuration, each in a line that says why. */
export function withoutEffect(
  config: TargetedConfig,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): readonly WithoutEffect[] {
  return Object.values<Variable>(VARIABLES).flatMap(({ effect, fallback, name }) => {
    const value = environment[name] || fallback;
    const none = value === fallback ? undefined : effect?.(config);
    return none === undefined
      ? []
      : [{ name, line: `${shown(name, value)} has no effect: ${none.why}`, refused: none.refused }];
  });
}

/** The settings that are not the default, as a shell takes them before a command; where things go is left out, and what is secret. */
export function environmentOf(
  settled: Pick<Config, 'target' | 'agent'>,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): string {
  const environment: typeof variables = { ...variables, KATA_TARGET: settled.target, KATA_AGENT: settled.agent };
  return Object.values(VARIABLES)
    .filter(({ name }) => REPRODUCED.test(name) && !SECRET.has(name))
    .flatMap(({ name, fallback }) => {
      const value = environment[name] ?? '';
      return value === '' || value === fallback ? [] : [`${name}=${commandLine([value])}`];
    })
    .join(' ');
}

/** Names of variables that change what is tested, not where things are kept or how they are shown. */
const REPRODUCED =
  /^(KATA_(?!.*_DIR$|EVIDENCE$|COVERAGE_GATE$)|PULL_IMAGE$|CONTAINER_ID$|SOURCE_CREDS$|katacontainers_|tests_|KUBERNETES$)/;

/** Names that say that the value is nobody's business, whosever variable it is. */
const SECRET_NAME =
  /TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|CREDS|(?:^|_)(?:AUTH|PAT)(?:_|$)|(?:API|PRIVATE|ACCESS)_?KEY|DOCKERCONFIG/i;

/** Values in the environment, short ones aside (`yes`, `true`, a number: they are switches), that must not be written down by anybody: ours, and those of whoever started us. */
export function secretsOf(environment: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const named = Object.entries(environment).flatMap(([name, value = '']) =>
    SECRET.has(name) || (SECRET_NAME.test(name) && value.length >= SHORTEST_SECRET) ? [value] : [],
  );
  return [...named, ...credentialsOf(environment)];
}

function oneOf<T extends string>(allowed: readonly T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) throw new Error(`not known; one of ${allowed.join(', ')}`);
    return found;
  };
}

function optional<T>(parse: (value: string) => T): (value: string) => T | undefined {
  return (value) => (value === '' ? undefined : parse(value));
}

function yesNo(value: string): boolean {
  if (/^(yes|true|1|on)$/i.test(value)) return true;
  if (/^(no|false|0|off)$/i.test(value)) return false;
  throw new Error('wanted yes or no');
}

/** Accepts one value, the default. */
function refuseBut(only: string, why: string): (value: string) => void {
  return (value) => {
    if (value !== only) throw new Error(why);
  };
}

/** CI systems set it to what they like, most of them to `true`. */
function continuousIntegration(value: string): boolean {
  return !/^(no|false|0|off)$/i.test(value);
}

/**
 * `yes`, or the first generation's `-d`. Others read the variable too: of a list of names, as the npm package debug takes it
 * (`pw:api`, `*`), ours is {@link DEBUG_NAME}.
 */
function debugging(value: string): boolean {
  if (/^(yes|true|on|-d|[1-9]\d*)$/i.test(value)) return true;
  const patterns = value.split(/[\s,]+/);
  const names = (pattern: string): boolean =>
    pattern === DEBUG_NAME || (pattern.endsWith('*') && DEBUG_NAME.startsWith(pattern.slice(0, -1)));
  return patterns.some(names) && !patterns.some((pattern) => pattern.startsWith('-') && names(pattern.slice(1)));
}

/** This project's name in a list of the npm package debug. */
const DEBUG_NAME = 'kata-cc';

function port(value: string): number {
  if (!/^\d+$/.test(value) || Number(value) > 65_535) throw new Error('wanted a port number from 0 to 65535');
  return Number(value);
}

function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Error(`wanted a whole number from ${least} to ${most}`);
    }
    return number;
  };
}

function containerId(value: string): string {
  if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(value)) {
    throw new Error('the agent takes two or more letters, digits, and _.- that begin with a letter or digit');
  }
  return value;
}

function credentials(value: string): string {
  if (!/^[^:]+:.+$/s.test(value)) throw new Error('wanted user:password');
  return value;
}

function mutantName(value: string): string {
  const names = MUTANTS.map(({ name }) => name);
  if (!names.includes(value))
    throw new Error(`no such mutant${didYouMean(value, names)}; setup/mutants/catalogue.ts has them`);
  return value;
}

function repository(value: string): string {
  parseRepository(value);
  return value;
}

function packageRepository(value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!/^https?:$/.test(url?.protocol ?? '') || /\s/.test(value)) throw new Error('wanted an http or https URL');
  return value.endsWith('/') ? value : `${value}/`;
}

function revision(value: string): string {
  if (/^-|[\s~^:?*[\\]|\.\./.test(value)) throw new Error('no name git allows for a branch, tag or commit');
  return value;
}

function readableFile(value: string): string {
  const path = givenPath(value);
  if (!stat(path)?.isFile()) throw new Error('no such file');
  readable(path);
  return path;
}

/** The path of a program that can be run, as far as its file tells. */
function program(value: string): string {
  const path = givenPath(value);
  if (stat(path)?.isDirectory()) throw new Error('this is a directory; wanted the path of a program');
  readableFile(value);
  if ((Number(stat(path)?.mode) & 0o111) === 0) throw new Error('this file is not executable; chmod +x makes it so');
  return path;
}

function policyFile(value: string): string {
  const path = readableFile(value);
  parseContainersPolicy(readFileSync(path, 'utf8'));
  return path;
}

function readableDirectory(value: string): string {
  const path = givenPath(value);
  if (!stat(path)?.isDirectory()) throw new Error('no such directory');
  readable(path);
  return path;
}

function directoryToMake(value: string): string {
  const path = givenPath(value);
  const problem = whyNoDirectory(path);
  if (problem !== undefined) throw new Error(problem);
  return path;
}

function cacheDirectory(value: string): string {
  const path = directoryToMake(value);
  if (path.includes(':')) throw new Error('wanted a path without a colon: skopeo separates paths from names by it');
  return path;
}

function stat(path: string): ReturnType<typeof statSync> | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function readable(path: string): void {
  try {
    accessSync(path, constants.R_OK);
  } catch {
    throw new Error('it exists but cannot be read; check its permissions');
  }
}

/** Where journals of runs are kept: on disk, so that they outlive a kill and a reboot. */
export function journalDir(config: Pick<Config, 'cacheDir'>): string {
  return join(config.cacheDir, 'journal');
}
