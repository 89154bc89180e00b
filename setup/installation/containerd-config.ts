import { parse } from '@iarna/toml';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { KATA_HANDLER, KATA_RUNTIME } from '../../helpers/kata/names.ts';
import { editToml, type TomlEdit } from '../../helpers/toml-edit.ts';

/** Where containerd reads its configuration. */
export const CONTAINERD_CONFIG = '/etc/containerd/config.toml';

/** Sections of the container runtime interface, by the version of the file's format. Source: containerd's docs/cri/config. */
const SECTIONS = {
  2: {
    plugin: 'io.containerd.grpc.v1.cri',
    containerd: 'plugins."io.containerd.grpc.v1.cri".containerd',
    pause: ['plugins."io.containerd.grpc.v1.cri"', 'sandbox_image'],
  },
  3: {
    plugin: 'io.containerd.cri.v1.runtime',
    containerd: "plugins.'io.containerd.cri.v1.runtime'.containerd",
    pause: ["plugins.'io.containerd.cri.v1.images'.pinned_images", 'sandbox'],
  },
} as const;

/** The runtime of pods that ask for none. containerd does not know it any more once another one is configured. */
const RUNC = { name: 'runc', type: 'io.containerd.runc.v2' } as const;

/** Annotations of a pod that reach the runtime: a sandbox's own kernel parameters are one. */
const ANNOTATIONS = ['io.katacontainers.*'];

/**
 * containerd's configuration with the runtime class `kata`, and with an image to hold a pod together. Every comment and
 * every other setting stays. Throws {@link ConfigError} when the text is no configuration of a version this knows.
 */
export function configureContainerd(
  text: string,
  { pauseImage }: { readonly pauseImage?: string | undefined },
): string {
  const { containerd, pause, plugin } = SECTIONS[versionOf(text)];
  const set = (section: string, key: string, value: TomlEdit['value']): TomlEdit => ({
    section,
    key,
    value,
    add: true,
  });
  const handler = `${containerd}.runtimes.${KATA_HANDLER}`;
  const isDefault = (defaultOf(text, plugin) ?? RUNC.name) === RUNC.name;
  return editToml(text, [
    ...(isDefault ? [set(`${containerd}.runtimes.${RUNC.name}`, 'runtime_type', RUNC.type)] : []),
    set(handler, 'runtime_type', KATA_RUNTIME),
    set(handler, 'privileged_without_host_devices', true),
    set(handler, 'pod_annotations', ANNOTATIONS),
    ...(pauseImage === undefined ? [] : [set(pause[0], pause[1], pauseImage)]),
  ]);
}

/** Name of the runtime of pods that ask for none, where the file says it. */
function defaultOf(text: string, plugin: string): string | undefined {
  const { plugins } = parse(text) as {
    readonly plugins?: Readonly<Record<string, { readonly containerd?: { readonly default_runtime_name?: string } }>>;
  };
  return plugins?.[plugin]?.containerd?.default_runtime_name;
}

function versionOf(text: string): keyof typeof SECTIONS {
  let version: unknown;
  try {
    ({ version } = parse(text));
  } catch (cause) {
    throw new ConfigError(`${CONTAINERD_CONFIG}: ${messageOf(cause)}`, { cause });
  }
  if (version === 2 || version === 3) return version;
  throw new ConfigError(
    `${CONTAINERD_CONFIG}: version = ${String(version ?? 1)}: this knows 2 and 3; \`containerd config migrate\` makes one`,
  );
}
