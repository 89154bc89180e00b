import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentUnderTest } from '../../../helpers/contract/target.ts';
import { readIfThere } from '../../../helpers/files.ts';
import { runBuild } from '../../../helpers/isolation/run-build.ts';
import type { Sandbox } from '../../../helpers/isolation/sandbox.ts';
import { sandboxOf } from '../../../helpers/isolation/source-sandbox.ts';
import {
  type DeclaredFeatures,
  declaredFeatures,
  differingFeatures,
  libcOf,
  needsOpaServer,
  parseUpstreamBuild,
  printBuild,
  releaseVariables,
  type UpstreamBuild,
  whyNoMusl,
  withLibc,
} from '../../../helpers/kata/agent-build.ts';
import { agentProfile } from '../../config/agent-build-inputs.ts';
import type { KataSource } from '../../config/resolved.ts';
import type { Config } from '../../config/validated.ts';
import type { StepContext } from '../../step.ts';
import { type CrateOptions, compileCrate, IN_DEV, WITHOUT_LTO } from '../source/kata-source.ts';
import { libseccompForMusl } from './libseccomp-for-musl.ts';

/** How an agent was built. */
type Built = Required<Pick<AgentUnderTest, 'changes' | 'libc' | 'toolchain'>> & {
  /** All features of the build; `--version` lists only some. */
  readonly features: readonly string[];
};

type BuildContext = Pick<StepContext, 'config' | 'say' | 'signal'>;

/** What cargo compiles to build the agent of a checkout, and how. */
interface AgentCrate extends UpstreamBuild {
  /** Directory of the crate. */
  readonly crate: string;
  readonly options: CrateOptions;
  /** Descriptions of how the build differs from upstream's. */
  readonly changes: readonly string[];
}

/** Compiles the agent of a checkout as upstream does, except for what the settings and `changes` say. */
export async function compileAgent(
  checkout: string,
  binary: string,
  source: KataSource,
  context: BuildContext,
): Promise<Built> {
  const { changes: differing, crate, features, options, triple } = await agentCrate(checkout, context);
  const { changes, rust } = await compileCrate(crate, binary, source, context, options);
  return { features, libc: libcOf(triple), toolchain: `Rust ${rust}`, changes: [...differing, ...changes] };
}

/** Prepares the build of a checkout's agent: everything but the compilation. */
export async function agentCrate(checkout: string, { config, signal }: BuildContext): Promise<AgentCrate> {
  const crate = join(checkout, 'src/agent');
  const declared = declaredFeatures(await readFile(join(crate, 'Cargo.toml'), 'utf8'));
  const noMusl = whyNoMusl(await lockOf(checkout));
  const sandbox = await sandboxOf(config.buildIsolation, [checkout]);
  const upstream = await upstreamBuild(crate, declared, { sandbox, signal });
  const { features, triple } = chosenBuild(config, upstream, noMusl);
  await runBuild(['make', '-C', crate, 'src/version.rs'], { sandbox, signal });
  const musl = libcOf(triple) === 'musl';
  const libseccompDir = join(config.cacheDir, 'libseccomp-musl');
  const withLibseccomp =
    musl && features.includes('seccomp')
      ? { env: await libseccompForMusl(libseccompDir, signal), readable: [libseccompDir] }
      : {};
  const profile = agentProfile(config);
  return {
    crate,
    features,
    triple,
    options: {
      profile,
      flags: features.length === 0 ? [] : ['--features', features.join(',')],
      // With glibc, cargo builds for this machine, and compiled crates are shared with Kata's other programs.
      ...(musl ? { target: triple } : {}),
      ...withLibseccomp,
    },
    changes: [
      profile === 'dev' ? IN_DEV : WITHOUT_LTO,
      ...differences({ features, triple }, upstream, config.agentLibc === 'upstream' ? noMusl : undefined),
      ...opaNote(declared, features),
    ],
  };
}

/** The Cargo.lock with which the agent is built: its own, in later releases that of Kata's workspace. */
async function lockOf(checkout: string): Promise<string> {
  const own = await readIfThere(join(checkout, 'src/agent/Cargo.lock'));
  return own ?? (await readIfThere(join(checkout, 'Cargo.lock'))) ?? '';
}

/** How the checkout's makefile builds the agent when upstream's release scripts run it. */
async function upstreamBuild(
  crate: string,
  declared: DeclaredFeatures,
  options: { readonly sandbox: Sandbox | undefined; readonly signal: AbortSignal },
): Promise<UpstreamBuild> {
  const { stdout } = await runBuild(['make', '-C', crate, ...printBuild(releaseVariables(declared))], options);
  const { features, triple } = parseUpstreamBuild(stdout);
  return { triple, features: features.filter((name) => declared.has(name)) };
}

/** The features and the target of rustc that settings and upstream's build give. */
export function chosenBuild(
  { agentFeatures, agentLibc }: Pick<Config, 'agentFeatures' | 'agentLibc'>,
  upstream: UpstreamBuild,
  noMusl?: string,
): UpstreamBuild {
  const features = agentFeatures ?? upstream.features;
  if (agentLibc !== 'upstream') return { features, triple: withLibc(upstream.triple, agentLibc) };
  // Upstream links libdevmapper only with glibc. Source: USE_DEVMAPPER in src/agent/Makefile.
  const glibc = features.includes('devicemapper') || noMusl !== undefined;
  return { features, triple: glibc ? withLibc(upstream.triple, 'gnu') : upstream.triple };
}

const LIBSECCOMP = "with this distribution's libseccomp, while upstream builds the version in versions.yaml";

function differences(built: UpstreamBuild, upstream: UpstreamBuild, noMusl?: string): readonly string[] {
  return [
    ...differingFeatures(built.features, upstream.features),
    ...(built.features.includes('seccomp') ? [LIBSECCOMP] : []),
    ...(built.triple === upstream.triple
      ? []
      : [
          `for ${built.triple}, while upstream builds it for ${upstream.triple}${noMusl === undefined ? '' : `: ${noMusl}`}`,
        ]),
  ];
}

function opaNote(declared: DeclaredFeatures, features: readonly string[]): readonly string[] {
  if (!needsOpaServer(declared)) return [];
  return features.includes('agent-policy')
    ? ['with the feature agent-policy, for which guests have no OPA server: the agent does not start']
    : ["without the feature agent-policy, which needs an OPA server, as upstream's agent beside agent-opa"];
}
