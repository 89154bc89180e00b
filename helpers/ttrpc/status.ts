/** gRPC status codes, which ttrpc shares. Source: google.rpc.Code. */
export const status = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

const NAMES = new Map(Object.entries(status).map(([name, code]) => [code as number, name]));

/** Name of a status code: `INTERNAL` for 13; `CODE_99` for a number that gRPC does not define. */
export function statusName(code: number): string {
  return NAMES.get(code) ?? `CODE_${code}`;
}
