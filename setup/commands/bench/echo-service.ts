import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** The RPC method that benches call; it echoes its request. */
export const ECHO = { service: 'bench.Echo', method: 'Echo', port: 1024 } as const;

/**
 * Protobuf schema of the echo service's messages, with the same encoding as `google.protobuf.BytesValue`, which the Go
 * server uses.
 */
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

/**
 * The definition of the echo service for a grpc-js client. All clients share it, as those of a spec worker share the agent's: protobuf.js generates
 * the code of its messages once, which V8 then compiles once.
 */
export const ECHO_SERVICES: ReadonlyMap<string, ServiceDefinition> = new Map([
  [ECHO.service, fromJSON(SCHEMA as Schema)[ECHO.service] as ServiceDefinition],
]);

/** An encoded echo message with `length` bytes of data. */
export function echoMessage(length: number): Buffer {
  const { requestSerialize } = ECHO_SERVICES.get(ECHO.service)?.['Echo'] ?? {};
  if (requestSerialize === undefined) throw new Error('the schema has no Echo');
  return requestSerialize({ value: Buffer.alloc(length, 'x') });
}
