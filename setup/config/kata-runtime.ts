import { ConfigError } from '../../helpers/errors.ts';
import { readFileIfIn } from '../../helpers/git/export.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import { defaultRuntime, SHIMS_FILE } from '../../helpers/kata/default-runtime.ts';
import { HYPERVISOR_ON_HOST } from '../../helpers/kata/hypervisors.ts';
import type { KataRuntime } from '../../helpers/kata/runtimes.ts';
import { SEED_COMMIT } from './pins.ts';
import type { ResolvedConfig, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

/** Directory of runtime-rs in Kata's source. */
export const RUNTIME_RS = 'src/runtime-rs';

/** Directory of kata-ctl in Kata's source. */
export const KATA_CTL = 'src/tools/kata-ctl';

/** Names of the templates of runtime-rs's configurations for QEMU, the second for guests with a CDH. */
const TEMPLATES = {
  general: `${RUNTIME_RS}/config/configuration-qemu-runtime-rs.toml.in`,
  guestPull: `${RUNTIME_RS}/config/configuration-qemu-coco-dev-runtime-rs.toml.in`,
} as const;

type Runtime = Pick<ResolvedConfig, 'builtRuntime' | 'whyRuntime'>;

/**
 * Resolves KATA_RUNTIME for a source of Kata: `auto` is the runtime that the source's releases install by default. Throws
 * {@link ConfigError} if the source does not have the runtime, or that runtime not the hypervisor or the kata-ctl of the settings.
 */
export async function resolveRuntime(
  { cdh, hypervisor, kataCtl, runtime }: Pick<Config, 'cdh' | 'hypervisor' | 'kataCtl' | 'runtime'>,
  source: SourceRevision,
  { signal, store }: { readonly store: GitStore; readonly signal?: AbortSignal | undefined },
): Promise<Runtime> {
  // The default revision need not be fetched to know that it has one runtime.
  const needsRs = hypervisor !== 'qemu' || kataCtl === 'source';
  if (source.snapshot.id === SEED_COMMIT && runtime !== 'rs' && !needsRs) return { builtRuntime: 'go' };
  const read = (path: string): Promise<string | undefined> => readFileIfIn(source.snapshot, path, store, signal);
  const chosen = runtime === 'auto' ? byDefault(source, await read(SHIMS_FILE)) : { builtRuntime: runtime };
  const { name } = HYPERVISOR_ON_HOST[hypervisor];
  if (chosen.builtRuntime !== 'rs') {
    if (!needsRs) return chosen;
    const problem = `KATA_RUNTIME=${runtime} means the Go runtime (${chosen.whyRuntime})`;
    if (hypervisor === 'qemu') {
      throw new ConfigError(`KATA_CTL=source: ${problem}, which has kata-runtime instead; set KATA_RUNTIME=rs`);
    }
    throw new ConfigError(
      `KATA_HYPERVISOR=${hypervisor}: ${problem}, and guests run in ${name} with runtime-rs only; set KATA_RUNTIME=rs`,
    );
  }
  const template = cdh === undefined ? TEMPLATES.general.replace('-qemu-', `-${hypervisor}-`) : TEMPLATES.guestPull;
  if ((await read(template)) === undefined) {
    const purpose = cdh === undefined ? name : `${name} and KATA_CDH`;
    throw new ConfigError(
      `KATA_RUNTIME=${runtime}: ${source.name} has no runtime-rs for ${purpose} (${template}); set KATA_RUNTIME=go`,
    );
  }
  if (kataCtl === 'source' && (await read(`${KATA_CTL}/Cargo.toml`)) === undefined) {
    throw new ConfigError(`KATA_CTL=source: ${source.name} has no kata-ctl (${KATA_CTL}); unset it`);
  }
  return chosen;
}

function byDefault(
  { name }: SourceRevision,
  values: string | undefined,
): Runtime & { readonly builtRuntime: KataRuntime } {
  const named = values === undefined ? undefined : defaultRuntime(values);
  const whyRuntime =
    named === undefined
      ? `${name} names no default in ${SHIMS_FILE}`
      : `the default of ${name}, by defaultShim in ${SHIMS_FILE}`;
  return { builtRuntime: named ?? 'go', whyRuntime };
}
