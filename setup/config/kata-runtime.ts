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

/** Templates of the runtimes' configurations for QEMU, for guests without and with a CDH. */
const TEMPLATES = {
  rs: `${RUNTIME_RS}/config/configuration-qemu-runtime-rs.toml.in`,
  rsWithCdh: `${RUNTIME_RS}/config/configuration-qemu-coco-dev-runtime-rs.toml.in`,
  goWithCdh: 'src/runtime/config/configuration-qemu-coco-dev.toml.in',
} as const;

type Runtime = Pick<ResolvedConfig, 'builtRuntime' | 'whyRuntime'>;

/**
 * Resolves KATA_RUNTIME for a source of Kata: `auto` is the runtime that the source's releases install by default. Throws
 * {@link ConfigError} if the source does not have the runtime, or that runtime not the hypervisor, the CDH or the kata-ctl of the settings.
 */
export async function resolveRuntime(
  { cdh, hypervisor, kataCtl, runtime }: Pick<Config, 'cdh' | 'hypervisor' | 'kataCtl' | 'runtime'>,
  source: SourceRevision,
  { signal, store }: { readonly store: GitStore; readonly signal?: AbortSignal | undefined },
): Promise<Runtime> {
  const rsOnly = rsOnlySetting(hypervisor, kataCtl);
  // The default revision need not be fetched to know that it has one runtime, which is for guests without a CDH.
  if (source.snapshot.id === SEED_COMMIT && runtime !== 'rs' && rsOnly === undefined) {
    if (cdh !== undefined) throw noGoWithCdh(cdh, source);
    return { builtRuntime: 'go' };
  }
  const read = (path: string): Promise<string | undefined> => readFileIfIn(source.snapshot, path, store, signal);
  const chosen = runtime === 'auto' ? byDefault(source, await read(SHIMS_FILE)) : { builtRuntime: runtime };
  const isGo = chosen.builtRuntime !== 'rs';
  if (isGo && rsOnly === undefined) {
    if (cdh === undefined || (await read(TEMPLATES.goWithCdh)) !== undefined) return chosen;
    throw noGoWithCdh(cdh, source);
  }
  const template = cdh === undefined ? TEMPLATES.rs.replace('-qemu-', `-${hypervisor}-`) : TEMPLATES.rsWithCdh;
  if ((await read(template)) === undefined) {
    const { name } = HYPERVISOR_ON_HOST[hypervisor];
    const lacks = `${source.name} has no runtime-rs for ${cdh === undefined ? name : `${name} and KATA_CDH`} (${template})`;
    if (rsOnly === undefined) throw new ConfigError(`KATA_RUNTIME=${runtime}: ${lacks}; set KATA_RUNTIME=go`);
    const { instead, setting, why } = rsOnly;
    throw new ConfigError(
      `${setting}: ${why}, and ${lacks}; set katacontainers_branch to a Kata that has it, or ${instead}`,
    );
  }
  if (isGo && rsOnly !== undefined) {
    const problem = `KATA_RUNTIME=${runtime} means the Go runtime (${chosen.whyRuntime})`;
    throw new ConfigError(`${rsOnly.setting}: ${problem}, and ${rsOnly.why}; set KATA_RUNTIME=rs`);
  }
  if (kataCtl === 'source' && (await read(`${KATA_CTL}/Cargo.toml`)) === undefined) {
    throw new ConfigError(`KATA_CTL=source: ${source.name} has no kata-ctl (${KATA_CTL}); unset it`);
  }
  return chosen;
}

function noGoWithCdh(cdh: string, { name }: SourceRevision): ConfigError {
  return new ConfigError(
    `KATA_CDH=${cdh}: ${name} has no Go runtime for guests that pull with a CDH (${TEMPLATES.goWithCdh}); set katacontainers_branch to a later Kata, or unset KATA_CDH`,
  );
}

/** A setting that only runtime-rs can satisfy. */
interface RsOnlySetting {
  /** The setting as the user writes it. */
  readonly setting: string;
  readonly why: string;
  /** What to do without runtime-rs. */
  readonly instead: string;
}

function rsOnlySetting(hypervisor: Config['hypervisor'], kataCtl: Config['kataCtl']): RsOnlySetting | undefined {
  if (hypervisor !== 'qemu') {
    const why = `guests run in ${HYPERVISOR_ON_HOST[hypervisor].name} with runtime-rs only`;
    return { setting: `KATA_HYPERVISOR=${hypervisor}`, why, instead: 'set KATA_HYPERVISOR=qemu' };
  }
  return kataCtl === 'source'
    ? { setting: 'KATA_CTL=source', why: 'kata-ctl is for runtime-rs only', instead: 'unset KATA_CTL' }
    : undefined;
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
