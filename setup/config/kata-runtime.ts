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

type Settings = Pick<Config, 'cdh' | 'hypervisor' | 'kataCtl' | 'runtime'>;

/** A source of Kata, and how its files are read: undefined is a file that it does not have. */
interface ReadableSource extends SourceRevision {
  readonly read: (path: string) => Promise<string | undefined>;
}

/**
 * Resolves KATA_RUNTIME for a source of Kata: `auto` is the runtime that the source's releases install by default. Throws
 * {@link ConfigError} if the source does not have the runtime, or that runtime not the hypervisor, the CDH or the kata-ctl of the settings.
 */
export async function resolveRuntime(
  settings: Settings,
  revision: SourceRevision,
  { signal, store }: { readonly store: GitStore; readonly signal?: AbortSignal | undefined },
): Promise<Runtime> {
  const { cdh, runtime } = settings;
  const rsOnly = rsOnlySetting(settings);
  // The default revision need not be fetched to know that it has one runtime, which is for guests without a CDH.
  if (revision.snapshot.id === SEED_COMMIT && runtime !== 'rs' && rsOnly === undefined) {
    if (cdh !== undefined) throw noGoWithCdh(cdh, revision);
    return { builtRuntime: 'go' };
  }
  const source = { ...revision, read: (path: string) => readFileIfIn(revision.snapshot, path, store, signal) };
  const chosen = runtime === 'auto' ? await byDefault(source) : { builtRuntime: runtime };
  if (chosen.builtRuntime === 'rs' || rsOnly !== undefined) await requireRs(settings, source, rsOnly);
  else if (cdh !== undefined && (await source.read(TEMPLATES.goWithCdh)) === undefined) throw noGoWithCdh(cdh, source);
  if (chosen.builtRuntime !== 'rs' && rsOnly !== undefined) {
    const problem = `KATA_RUNTIME=${runtime} means the Go runtime (${chosen.whyRuntime})`;
    throw new ConfigError(`${rsOnly.setting}: ${problem}, and ${rsOnly.why}; set KATA_RUNTIME=rs`);
  }
  return chosen;
}

/** Throws {@link ConfigError} unless the source has runtime-rs for the hypervisor and the CDH, and the kata-ctl, of the settings. */
async function requireRs(
  { cdh, hypervisor, kataCtl, runtime }: Settings,
  { name, read }: ReadableSource,
  rsOnly: RsOnlySetting | undefined,
): Promise<void> {
  const template = cdh === undefined ? TEMPLATES.rs.replace('-qemu-', `-${hypervisor}-`) : TEMPLATES.rsWithCdh;
  if ((await read(template)) === undefined) {
    const guests = HYPERVISOR_ON_HOST[hypervisor].name;
    const lacks = `${name} has no runtime-rs for ${cdh === undefined ? guests : `${guests} and KATA_CDH`} (${template})`;
    if (rsOnly === undefined) throw new ConfigError(`KATA_RUNTIME=${runtime}: ${lacks}; set KATA_RUNTIME=go`);
    const { instead, setting, why } = rsOnly;
    throw new ConfigError(
      `${setting}: ${why}, and ${lacks}; set katacontainers_branch to a Kata that has it, or ${instead}`,
    );
  }
  if (kataCtl === 'source' && (await read(`${KATA_CTL}/Cargo.toml`)) === undefined) {
    throw new ConfigError(`KATA_CTL=source: ${name} has no kata-ctl (${KATA_CTL}); unset it`);
  }
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

function rsOnlySetting({ hypervisor, kataCtl }: Settings): RsOnlySetting | undefined {
  if (hypervisor !== 'qemu') {
    const why = `guests run in ${HYPERVISOR_ON_HOST[hypervisor].name} with runtime-rs only`;
    return { setting: `KATA_HYPERVISOR=${hypervisor}`, why, instead: 'set KATA_HYPERVISOR=qemu' };
  }
  return kataCtl === 'source'
    ? { setting: 'KATA_CTL=source', why: 'kata-ctl is for runtime-rs only', instead: 'unset KATA_CTL' }
    : undefined;
}

async function byDefault({ name, read }: ReadableSource): Promise<Runtime & { readonly builtRuntime: KataRuntime }> {
  const values = await read(SHIMS_FILE);
  const named = values === undefined ? undefined : defaultRuntime(values);
  const whyRuntime =
    named === undefined
      ? `${name} names no default in ${SHIMS_FILE}`
      : `the default of ${name}, by defaultShim in ${SHIMS_FILE}`;
  return { builtRuntime: named ?? 'go', whyRuntime };
}
