/** A recorded RPC call: request, response, time and duration. Secret fields are masked. */
export interface RpcRecord {
  /** Full name of the RPC method: `package.Service/Method`. */
  readonly method: string;
  readonly request: unknown;
  /** RPC status: `ok`, or the status name in lower case. */
  readonly status: string;
  /** The RPC's status message; empty when the call succeeded. */
  readonly details: string;
  readonly response?: unknown;
  /** Start of the RPC call, in milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
}

/** Request fields that carry credentials, in camelCase. */
const SECRET_FIELDS = new Set(['sourceCreds']);
const MASK = '******';
const LONGEST_BYTES = 256;

/**
 * An RPC message for the record: credentials masked, default values omitted, long byte strings replaced by their
 * length.
 */
export function presentable(value: unknown, field?: string): unknown {
  if (field !== undefined && SECRET_FIELDS.has(field)) return value === '' ? undefined : MASK;
  if (Buffer.isBuffer(value)) {
    if (value.length === 0) return undefined;
    return value.length > LONGEST_BYTES ? `<${value.length} bytes>` : value.toString('utf8');
  }
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map((item) => presentable(item));
  if (typeof value === 'object' && value !== null) {
    // A plain loop without intermediate arrays, because it runs for every RPC call.
    const kept: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      const item = presentable((value as Record<string, unknown>)[key], key);
      if (item !== undefined) kept[key] = item;
    }
    return kept;
  }
  return value === '' || value === null ? undefined : value;
}
