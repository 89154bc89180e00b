import { readFile } from 'node:fs/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { ConfigError, messageOf } from '../errors.ts';

/** What is needed of a pod's manifest to create the pod and to find it again. */
export type PodManifest = V1Pod & { readonly metadata: { readonly name: string; readonly namespace: string } };

/** Where a pod is whose manifest does not say. */
const DEFAULT_NAMESPACE = 'default';

/** Reads the YAML of one pod. Throws {@link ConfigError} that names file and field. */
export async function readPodManifest(file: string): Promise<PodManifest> {
  const { loadYaml } = await import('@kubernetes/client-node');
  const refuse = (problem: string, cause?: unknown): ConfigError => new ConfigError(`${file}: ${problem}`, { cause });
  let value: V1Pod | undefined;
  try {
    value = loadYaml<V1Pod | undefined>(await readFile(file, 'utf8'));
  } catch (cause) {
    throw refuse(messageOf(cause), cause);
  }
  const { apiVersion, kind, metadata = {}, spec } = value ?? {};
  if (apiVersion !== 'v1') throw refuse(`apiVersion is ${JSON.stringify(apiVersion)}; wanted v1`);
  if (kind !== 'Pod') throw refuse(`kind is ${JSON.stringify(kind)}; wanted Pod`);
  const { name, namespace = DEFAULT_NAMESPACE } = metadata;
  if (typeof name !== 'string') throw refuse('metadata.name is missing');
  if (!Array.isArray(spec?.containers) || spec.containers.length === 0) throw refuse('spec.containers is empty');
  return { ...value, metadata: { ...metadata, name, namespace } };
}
