import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** What is called in benches: it gives back what it gets. */
export const ECHO = { service: 'bench.Echo', method: 'Echo', port: 1024 } as const;

/** `google.protobuf.BytesValue` by another name: the Go server has that one. */
const SCHEMA = {
  nested: {
    bench: {
      nested: {
        Bytes: { fields: { value: { type: 'bytes', id: 1 } } },
        Echo: { methods: { Echo: { requestType: 'Bytes', responseType: 'Bytes' } } },
      },
    },
  },
};

type Schema = Parameters<typeof fromJSON>[0];

/** The service as a client of grpc-js knows it. */
export function echoServices(): ReadonlyMap<string, ServiceDefinition> {
  return new Map([[ECHO.service, fromJSON(SCHEMA as Schema)[ECHO.service] as ServiceDefinition]]);
}

/** A message of so many bytes, encoded. */
export function echoMessage(length: number): Buffer {
  const { requestSerialize } = echoServices().get(ECHO.service)?.['Echo'] ?? {};
  if (requestSerialize === undefined) throw new Error('the schema has no Echo');
  return requestSerialize({ value: Buffer.alloc(length, 'x') });
}
