import { readFile } from 'node:fs/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { ConfigError, messageOf } from '../errors.ts';

/** A pod manifest with the fields that are needed to create and to find the pod. */
export type PodManifest = V1Pod & { readonly metadata: { readonly name: string; readonly namespace: string } };

/** Namespace of a pod whose manifest has none. */
const DEFAULT_NAMESPACE = 'default';

/** Reads the YAML manifest of one pod. Throws a {@link ConfigError} that names file and field. */
export async function readPodManifest(file: string): Promise<PodManifest> {
  const { loadYaml } = await import('@kubernetes/client-node');
  const refuse = (problem: string, cause?: unknown): ConfigError => new ConfigError(`${file}: ${problem}`, { cause });
  const text = await readFile(file, 'utf8');
  if (text.trim() === '') throw refuse('the file is empty');
  let value: V1Pod | undefined;
  try {
    value = loadYaml<V1Pod | undefined>(text);
  } catch (cause) {
    throw refuse(messageOf(cause), cause);
  }
  const { apiVersion, kind, metadata = {}, spec } = value ?? {};
  if (apiVersion !== 'v1') throw refuse(`apiVersion is ${JSON.stringify(apiVersion)}; expected "v1"`);
  if (kind !== 'Pod') throw refuse(`kind is ${JSON.stringify(kind)}; expected "Pod"`);
  const { name, namespace = DEFAULT_NAMESPACE } = metadata;
  if (typeof name !== 'string') throw refuse('metadata.name is missing; expected a string');
  if (!Array.isArray(spec?.containers) || spec.containers.length === 0)
    throw refuse('spec.containers is empty; expected a list of at least one container');
  return { ...value, metadata: { ...metadata, name, namespace } };
}
