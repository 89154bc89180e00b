import { cp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { defined } from '../../../helpers/defined.ts';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { fileExists } from '../../../helpers/files.ts';
import { runBuild } from '../../../helpers/isolation/run-build.ts';
import { sandboxOf } from '../../../helpers/isolation/source-sandbox.ts';
import { type Genpolicy, parseGenpolicyVersion, RULES, SETTINGS } from '../../../helpers/kata/genpolicy.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import { AGENT_CTL_PART } from '../../config/source-paths.ts';
import type { ArtefactStep, ServiceStep, Step, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';
import { fetchedSource } from '../source/fetched-source.ts';
import { cargoInputs, compileCrate, kataSourceOf, withSource } from '../source/kata-source.ts';

const BINARY = 'genpolicy';
const CRATE = 'src/tools/genpolicy';
/** Files of the crate that are kept beside the program. */
const KEPT = [SETTINGS, RULES, 'drop-in-examples'];

const VERSION_TIMEOUT_MS = 8_000;

/** Step that builds genpolicy from the same source as the agent, with that source's settings and rules. */
const builtGenpolicy: ArtefactStep<Genpolicy> = {
  kind: 'artefact',
  id: 'genpolicy',
  module: import.meta.url,
  title: 'genpolicy from source',
  needs: () => [packages, fetchedSource],
  timeoutMs: 1_800_000,
  inputs: (config) => cargoInputs(AGENT_CTL_PART, config),
  async make(directory, context) {
    const { config, signal } = context;
    const source = kataSourceOf(config, 'genpolicy');
    await withSource(directory, source, context, async (checkout) => {
      const crate = join(checkout, CRATE);
      if (!(await fileExists(crate))) {
        throw new ProvisionError('genpolicy', `KATA_GENPOLICY=source: ${source.name} has no ${CRATE}`);
      }
      // Copied before the build, which could change them.
      for (const name of KEPT) {
        if (await fileExists(join(crate, name)))
          await cp(join(crate, name), join(directory, name), { recursive: true });
      }
      // Upstream's target `build` compiles all tests as well.
      const sandbox = await sandboxOf(config.buildIsolation, [checkout]);
      await runBuild(['make', '-C', crate, 'src/version.rs'], { sandbox, signal });
      await compileCrate(crate, join(directory, BINARY), source, context);
    });
  },
  read: (directory) => ({ program: join(directory, BINARY), defaults: directory }),
};

/** Step that provides the user's own genpolicy, with the settings and rules that are installed with it. */
export const customGenpolicy: ServiceStep<Genpolicy> = {
  kind: 'service',
  id: 'genpolicy',
  module: import.meta.url,
  title: 'genpolicy',
  needs: () => [],
  timeoutMs: 10_000,
  async start({ config: { genpolicy: program = '' }, signal }) {
    const fail = (problem: string, cause?: unknown): never => {
      throw new ProvisionError('genpolicy', `KATA_GENPOLICY=${program}: ${problem}`, { cause });
    };
    const defaults = await defaultsOf(program);
    if (defaults === undefined) {
      const searched = defaultsFor(program).join(' nor ');
      return fail(`neither ${searched} has ${SETTINGS} and ${RULES}; copy those of its source beside it`);
    }
    // Without settings, `--version` panics.
    const command = [program, '--version', '--json-settings-path', join(defaults, SETTINGS)];
    const { stdout } = await run(command, { signal, timeoutMs: VERSION_TIMEOUT_MS }).catch((cause: unknown) =>
      fail(`--version failed: ${messageOf(cause)}`, cause),
    );
    if (parseGenpolicyVersion(stdout) === undefined) {
      fail(`it is no genpolicy: --version prints ${JSON.stringify(stdout.split('\n', 1)[0])}`);
    }
    return { program, defaults };
  },
};

/**
 * Directories in which the settings and rules of a genpolicy can be: beside the program, as in an artefact of ours, or
 * where upstream's release has them. Source: tools/packaging/kata-deploy/local-build/kata-deploy-binaries.sh.
 */
function defaultsFor(program: string): readonly string[] {
  const directory = dirname(program);
  return [directory, join(dirname(directory), 'share/defaults/kata-containers')];
}

async function defaultsOf(program: string): Promise<string | undefined> {
  for (const directory of defaultsFor(program)) {
    const found = await Promise.all([SETTINGS, RULES].map((name) => fileExists(join(directory, name))));
    if (!found.includes(false)) return directory;
  }
  return undefined;
}

type GenpolicySetting = Pick<ResolvedConfig, 'genpolicy'>;

/** The steps that provide genpolicy; none if `KATA_GENPOLICY` is unset. */
export function genpolicySteps({ genpolicy }: GenpolicySetting): readonly Step[] {
  if (genpolicy === undefined) return [];
  return [genpolicy === 'source' ? builtGenpolicy : customGenpolicy];
}

/** genpolicy and its settings and rules; empty if the configuration has none. */
export function genpolicyOf(
  { genpolicy }: GenpolicySetting,
  { result }: Pick<StepContext, 'result'>,
): { readonly genpolicy?: Genpolicy } {
  if (genpolicy === undefined) return {};
  return defined({ genpolicy: result(genpolicy === 'source' ? builtGenpolicy : customGenpolicy) });
}
