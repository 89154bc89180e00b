import type { Options } from '@grpc/proto-loader';

/**
 * Format of protobuf messages in JavaScript: camelCase fields, every field present, 64-bit integers and enums as
 * strings, bytes as `Buffer`. The types in protos/generated are generated with the same options.
 */
export const PROTO_OPTIONS = {
  keepCase: false,
  longs: String,
  enums: String,
  bytes: Buffer,
  defaults: true,
  arrays: true,
  objects: true,
  oneofs: true,
} as const satisfies Options;

/** The options {@link PROTO_OPTIONS} as arguments of proto-loader-gen-types. */
export const GENERATOR_FLAGS = [
  '--longs=String',
  '--enums=String',
  '--bytes=Buffer',
  '--defaults',
  '--arrays',
  '--objects',
  '--oneofs',
] as const;
