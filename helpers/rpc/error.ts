import { HarnessError } from '../errors.ts';
import { statusName } from '../ttrpc/status.ts';

/** Numeric gRPC status code, 0 (OK) to 16 (UNAUTHENTICATED), which ttrpc uses too. */
export type StatusCode = number;

/**
 * A call that ended with a status other than OK, set by the peer or by our side (deadline, cancellation, lost
 * connection, a message too large). `code` is the status name in lower case, for example `internal`.
 */
export class RpcError extends HarnessError {
  /** Number of the RPC status; `code` is its name in lower case, such as `not_found`. */
  readonly status: StatusCode;
  /** Full name of the RPC method that was called: `package.Service/Method`. */
  readonly method: string;
  /** The message of the RPC status. */
  readonly details: string;

  constructor(code: StatusCode, method: string, details: string, options?: ErrorOptions) {
    const name = statusName(code).toLowerCase();
    super(name, `[${name}] ${method}: ${details}`, options);
    this.status = code;
    this.method = method;
    this.details = details;
  }
}
