import type { Metadata } from '@grpc/grpc-js';

/** Metadata of a call as ttrpc sends it: texts, and binary values in base64. */
export type WireMetadata = readonly (readonly [key: string, value: string])[];

/** The metadata that ttrpc sends for a grpc-js call. */
export function wireMetadata(metadata: Metadata): WireMetadata {
  return Object.keys(metadata.getMap()).flatMap((key) =>
    metadata.get(key).map((value) => [key, typeof value === 'string' ? value : value.toString('base64')] as const),
  );
}
