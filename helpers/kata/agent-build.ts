import { HarnessError } from '../errors.ts';
import { didYouMean } from '../text/nearest.ts';
import { isTable, parseToml, valueAt } from '../text/toml-read.ts';
import { atLeast } from '../text/version.ts';

export type Libc = 'gnu' | 'musl';

/** How the agent's makefile builds it. */
export interface UpstreamBuild {
  readonly features: readonly string[];
  /** Target of rustc: `x86_64-unknown-linux-musl`. */
  readonly triple: string;
}

/** Cargo features that the agent's crate declares, by name, with what each enables. */
export type DeclaredFeatures = ReadonlyMap<string, readonly string[]>;

/** The features that a Cargo.toml declares; `default` is not among them. */
export function declaredFeatures(manifest: string): DeclaredFeatures {
  const features = valueAt(parseToml(manifest), ['features']);
  if (!isTable(features)) return new Map();
  return new Map(
    Object.entries(features).flatMap(([name, enables]) =>
      name === 'default' ? [] : [[name, Array.isArray(enables) ? enables.map(String) : []] as const],
    ),
  );
}

/** Why a crate has not all of these features; `undefined` if it declares them. */
export function whyUnknownFeature(wanted: readonly string[], declared: DeclaredFeatures): string | undefined {
  const unknown = wanted.find((name) => !declared.has(name));
  if (unknown === undefined) return undefined;
  const names = [...declared.keys()].sort();
  const list = names.length === 0 ? 'no features' : names.join(', ');
  return `this agent has no feature ${unknown}; its Cargo.toml declares ${list}${didYouMean(unknown, names)}`;
}

/** The program that evaluates policies in the releases 3.3.0 and 3.4.0, which Kata does not contain. */
const WITH_OPA = 'reqwest';

/**
 * Whether the feature agent-policy makes the agent send each request to an OPA server (Open Policy Agent), as in 3.3.0 and 3.4.0: that
 * program is not part of Kata, and the agent ends without it. Upstream released such an agent beside the usual one, as `agent-opa`. Source:
 * src/agent/src/policy.rs, tools/packaging/kata-deploy/local-build/kata-deploy-binaries.sh.
 */
export function needsOpaServer(declared: DeclaredFeatures): boolean {
  return declared.get('agent-policy')?.includes(WITH_OPA) ?? false;
}

/**
 * Variables with which upstream's release scripts run the agent's makefile. Source: `AGENT_POLICY` in
 * tools/packaging/kata-deploy/local-build/kata-deploy-binaries.sh from 3.5.0 on; the other variables have the
 * makefile's defaults there.
 */
export function releaseVariables(declared: DeclaredFeatures): readonly string[] {
  return declared.has('agent-policy') && !needsOpaServer(declared) ? ['AGENT_POLICY=yes'] : [];
}

const PRINTED = 'kata-cc-build';

/** Arguments of make that print how the agent's makefile would build it, for {@link parseUpstreamBuild}. */
export function printBuild(variables: readonly string[]): readonly string[] {
  const rule = `${PRINTED}: ; @echo ${PRINTED}: $(TRIPLE) $(EXTRA_RUSTFEATURES)`;
  return ['--silent', '--no-print-directory', `--eval=${rule}`, PRINTED, ...variables];
}

/** Reads the output of make with {@link printBuild}. */
export function parseUpstreamBuild(printed: string): UpstreamBuild {
  const [, triple, rest = ''] = new RegExp(`^${PRINTED}: (\\S+)(.*)$`, 'm').exec(printed) ?? [];
  if (triple === undefined || !/^[\w-]+-(?:gnu|musl)$/.test(triple)) {
    throw new HarnessError(
      'agent',
      `src/agent/Makefile does not say how it builds the agent: ${JSON.stringify(printed)}`,
    );
  }
  return { triple, features: rest.split(/[\s,]+/).filter((word) => word !== '' && !word.startsWith('-')) };
}

/** The triple of rustc for another C library. */
export function withLibc(triple: string, libc: Libc): string {
  return triple.replace(/-(?:gnu|musl)$/, `-${libc}`);
}

/** The C library of a triple. */
export function libcOf(triple: string): Libc {
  return triple.endsWith('-musl') ? 'musl' : 'gnu';
}

/** First version of the crate libc that links with musl 1.2.4 and later, which lacks open64 and the like. */
const LIBC_CRATE_FOR_MUSL = '0.2.146';

/**
 * Why a source with this Cargo.lock cannot be linked with musl by today's Rust, which contains musl 1.2.5 since 1.93;
 * `undefined` if it can. Seen with Rust 1.95: "undefined reference to `open64'".
 */
export function whyNoMusl(lock: string): string | undefined {
  const version = /^name = "libc"\nversion = "([^"]+)"/m.exec(lock)?.[1];
  if (version === undefined || atLeast(version, LIBC_CRATE_FOR_MUSL)) return undefined;
  return `its crate libc ${version} does not link with the musl of today's Rust`;
}

/** How the features of a build differ from upstream's; empty if they do not. */
export function differingFeatures(built: readonly string[], upstream: readonly string[]): readonly string[] {
  const without = upstream.filter((name) => !built.includes(name));
  const besides = built.filter((name) => !upstream.includes(name));
  return [
    ...without.map((name) => `without the feature ${name}, with which upstream builds it (KATA_AGENT_FEATURES)`),
    ...besides.map((name) => `with the feature ${name}, without which upstream builds it (KATA_AGENT_FEATURES)`),
  ];
}
