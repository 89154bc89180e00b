import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** Full name of the service that the contract tests call. */
export const CONTRACT_SERVICE = 'kata.cc.Contract';

const METHODS = ['Echo', 'Fail', 'Never', 'Metadata', 'Deadline', 'Large'] as const;

const same = (bytes: Buffer): Buffer => bytes;

/** A service whose messages are plain bytes, since the contract tests cover the transport only. */
export const contractDefinition: ServiceDefinition = Object.fromEntries(
  METHODS.map((name): [string, MethodDefinition<Buffer, Buffer>] => [
    name,
    {
      path: `/${CONTRACT_SERVICE}/${name}`,
      requestStream: false,
      responseStream: false,
      requestSerialize: same,
      requestDeserialize: same,
      responseSerialize: same,
      responseDeserialize: same,
      originalName: name.charAt(0).toLowerCase() + name.slice(1),
    },
  ]),
);
