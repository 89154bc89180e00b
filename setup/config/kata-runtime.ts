import { ConfigError } from '../../helpers/errors.ts';
import { readFileIfIn } from '../../helpers/git/export.ts';
import type { GitStore } from '../../helpers/git/store.ts';
import { defaultRuntime, SHIMS_FILE } from '../../helpers/kata/default-runtime.ts';
import type { KataRuntime } from '../../helpers/kata/runtimes.ts';
import { SEED_COMMIT } from './pins.ts';
import type { ResolvedConfig, SourceRevision } from './resolved.ts';
import type { Config } from './validated.ts';

/** Directory of runtime-rs in Kata's source. */
export const RUNTIME_RS = 'src/runtime-rs';

/** Names of the templates of runtime-rs's configurations for QEMU, the second for guests with a CDH. */
const TEMPLATES = {
  general: `${RUNTIME_RS}/config/configuration-qemu-runtime-rs.toml.in`,
  guestPull: `${RUNTIME_RS}/config/configuration-qemu-coco-dev-runtime-rs.toml.in`,
} as const;

type Runtime = Pick<ResolvedConfig, 'builtRuntime' | 'whyRuntime'>;

/**
 * Resolves KATA_RUNTIME for a source of Kata: `auto` is the runtime that the source's releases install by default. Throws
 * {@link ConfigError} if the source does not have the runtime.
 */
export async function resolveRuntime(
  { cdh, runtime }: Pick<Config, 'cdh' | 'runtime'>,
  source: SourceRevision,
  { signal, store }: { readonly store: GitStore; readonly signal?: AbortSignal | undefined },
): Promise<Runtime> {
  // The default revision need not be fetched to know that it has one runtime.
  if (source.snapshot.id === SEED_COMMIT && runtime !== 'rs') return { builtRuntime: 'go' };
  const read = (path: string): Promise<string | undefined> => readFileIfIn(source.snapshot, path, store, signal);
  const chosen = runtime === 'auto' ? byDefault(source, await read(SHIMS_FILE)) : { builtRuntime: runtime };
  if (chosen.builtRuntime !== 'rs') return chosen;
  const template = cdh === undefined ? TEMPLATES.general : TEMPLATES.guestPull;
  if ((await read(template)) !== undefined) return chosen;
  const purpose = cdh === undefined ? 'QEMU' : 'QEMU and KATA_CDH';
  throw new ConfigError(
    `KATA_RUNTIME=${runtime}: ${source.name} has no runtime-rs for ${purpose} (${template}); set KATA_RUNTIME=go`,
  );
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
