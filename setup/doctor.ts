import { messageOf } from '../helpers/errors.ts';
import type { Config } from './config.ts';
import type { Feature, Host } from './host.ts';
import { REQUIREMENTS, TOOLS, type Tool } from './versions.ts';

/** One thing the target needs. `problem` is a whole sentence that says what is missing and how to get it. */
export interface Finding {
  readonly what: string;
  readonly problem?: string;
  /** Set-up can put it right by itself. */
  readonly fixable?: true;
}

const FEATURES: readonly Feature[] = [
  'overlay',
  'cgroups',
  'pid-namespaces',
  'network-namespaces',
  'cgroup-namespaces',
];

/** Checks a machine against what the configured target needs. Pure. */
export function diagnose(config: Config, host: Host): readonly Finding[] {
  if (config.target !== 'local') {
    return [
      {
        what: `target ${config.target}`,
        problem: `KATA_TARGET=${config.target}: not yet; this version tests KATA_TARGET=local`,
      },
    ];
  }
  return [
    node(host),
    root(host),
    memory(host),
    disk(config, host),
    ...FEATURES.map((feature) => has(feature, host)),
    ...tools(host),
  ];
}

/** What stands in the way: the findings that set-up cannot put right. */
export function obstacles(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ problem, fixable }) => (problem === undefined || fixable ? [] : [problem]));
}

function node({ nodeVersion }: Host): Finding {
  const what = `Node.js ${nodeVersion}`;
  return atLeast(nodeVersion, REQUIREMENTS.node)
    ? { what }
    : { what, problem: `Node.js ${nodeVersion} is too old; ${REQUIREMENTS.node} or later is needed` };
}

function root(host: Host): Finding {
  return host.root
    ? { what: 'root' }
    : { what: 'root', problem: 'not root: namespaces and cgroups need it; run as root (sudo -E pnpm test)' };
}

function memory({ memoryMib }: Host): Finding {
  const what = `${memoryMib} MiB of memory`;
  return memoryMib >= REQUIREMENTS.memoryMib
    ? { what }
    : { what, problem: `${what}: ${REQUIREMENTS.memoryMib} MiB are needed, guests write to memory` };
}

function disk({ cacheDir }: Config, { cacheFreeMib }: Host): Finding {
  const what = `${cacheFreeMib} MiB free for ${cacheDir}`;
  return cacheFreeMib >= REQUIREMENTS.cacheFreeMib
    ? { what }
    : {
        what,
        problem: `disk full: ${what}, ${REQUIREMENTS.cacheFreeMib} MiB are needed; free some, or set KATA_CACHE_DIR`,
      };
}

function has(feature: Feature, { features }: Host): Finding {
  return features[feature]
    ? { what: feature }
    : { what: feature, problem: `the kernel offers no ${feature}; use a kernel that does (any distribution's own)` };
}

function tools(host: Host): Finding[] {
  return (Object.keys(TOOLS) as Tool[]).map((tool) => {
    const path = host.tools[tool];
    if (path !== undefined) return { what: path };
    const problem = `${tool} is missing; install the package ${TOOLS[tool]}`;
    return canInstall(host)
      ? { what: tool, problem: `${problem} (set-up will)`, fixable: true }
      : { what: tool, problem };
  });
}

/** Whether set-up may install packages here. */
export function canInstall(host: Host): boolean {
  return host.root && ['debian', 'ubuntu'].includes(host.distribution);
}

/** Whether a version is the wanted one or a later one, by its numbers. */
export function atLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number));
  const differing = (want ?? []).findIndex((part, index) => part !== have?.[index]);
  return differing < 0 || (have?.[differing] ?? 0) > (want?.[differing] ?? 0);
}

/** The findings as people read them. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .map(({ what, problem }) => (problem === undefined ? `  ok       ${what}` : `  MISSING  ${messageOf(problem)}`))
    .join('\n');
}
