import type { Metadata, MethodDefinition, ServiceError } from '@grpc/grpc-js';

/** A unary RPC method of the loaded protos. */
export interface UnaryMethod {
  /** Full name of the service: `grpc.AgentService`. */
  readonly service: string;
  /** Name of the method within its service. */
  readonly name: string;
  readonly definition: Pick<MethodDefinition<object, object>, 'requestSerialize' | 'responseDeserialize'>;
}

/** One call of a unary method. */
export interface UnaryRequest {
  readonly method: UnaryMethod;
  readonly message: object;
  /** Deadline of the call in milliseconds from now; Infinity for none. */
  readonly timeoutMs: number;
  readonly metadata?: Metadata | undefined;
}

/** Called once with the end of a call: a response, or the error for any status but OK. */
export type UnaryCallback = (error: ServiceError | null, response?: object) => void;

/** A call in progress. */
export interface UnaryCall {
  /** Ends the call with CANCELLED; does nothing if it has ended. */
  cancel(): void;
}

/**
 * Makes unary calls with the semantics of grpc-js's `Client`: status codes, deadlines, cancellation, metadata and errors.
 * The contract tests compare each implementation with grpc-js's client and server.
 */
export interface UnaryClient {
  /** Whether the client is connected now. */
  readonly connected: boolean;
  request(request: UnaryRequest, done: UnaryCallback): UnaryCall;
  close(): void;
}
