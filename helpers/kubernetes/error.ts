import { HarnessError, messageOf } from '../errors.ts';

/** The API server's error response. Source: Kubernetes' meta/v1 Status. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

/** The API server rejected a request, or could not be reached. */
export class KubernetesError extends HarnessError {
  /** HTTP status; `undefined` without a response. */
  readonly status: number | undefined;
  /** `NotFound`, `AlreadyExists`, ...; `undefined` if the response has none. */
  readonly reason: string | undefined;

  constructor(what: string, problem: string, { code, reason }: ApiStatus, options?: ErrorOptions) {
    super('kubernetes', `${what}: ${problem}`, options);
    this.status = code;
    this.reason = reason;
  }
}

/** Converts an error of the client to one line that begins with the request. */
export function kubernetesError(what: string, error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const status = statusOf(error);
  if (status === undefined) return new KubernetesError(what, withCauses(error), {}, { cause: error });
  const { code, message = '', reason } = status;
  const problem = `[${code}${reason === undefined ? '' : ` ${reason}`}]${message === '' ? '' : ` ${message}`}`;
  // No `cause`: the client's own error quotes all response headers, which only add noise.
  return new KubernetesError(what, problem, status);
}

/** `fetch` says only that it failed; why is in its causes. */
function withCauses(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : error instanceof Error ? [error.cause] : [];
  const texts = [messageOf(error), ...causes.filter((cause) => cause !== undefined).map(withCauses)];
  return texts.filter((text) => text !== '').join(': ');
}

/** The client's exceptions carry the HTTP status as `code`, and the response body as text or parsed. */
function statusOf(error: unknown): ApiStatus | undefined {
  const { body, code } = (error ?? {}) as { readonly body?: unknown; readonly code?: unknown };
  // A DOMException (`fetch` that timed out) has a number as its code too, and no body.
  if (typeof code !== 'number' || body === undefined) return undefined;
  const given = typeof body === 'string' ? parsed(body) : ((body ?? {}) as ApiStatus);
  return { ...given, code };
}

function parsed(body: string): ApiStatus {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy, or a server that is not Kubernetes, may not answer in JSON; its text is quoted.
    return { message: body.trim().slice(0, QUOTED) };
  }
}

const QUOTED = 500;

/** Whether the requested object does not exist (404). */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 404;
}

/** Whether an object of that name exists already (409): ours was not created, and the existing one is not ours to delete. */
export function isTaken(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 409;
}
