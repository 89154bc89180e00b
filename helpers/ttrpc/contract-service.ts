import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';

/** Full name of the service that the contract tests call. */
export const CONTRACT_SERVICE = 'kata.cc.Contract';

const METHODS = ['Echo', 'Fail', 'Never', 'Metadata', 'Deadline', 'Large'] as const;

const same = (bytes: Buffer): Buffer => bytes;

/** The contract tests' service. Its messages are plain bytes, since these tests cover the transport only. */
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
