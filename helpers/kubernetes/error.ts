import { HarnessError, messageOf } from '../errors.ts';

/** The API server's error response. Source: Kubernetes' meta/v1 Status. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

/** The API server rejected a request, or could not be reached. */
export class KubernetesError extends HarnessError {
  /** HTTP status of the API server's response; `undefined` without a response. */
  readonly status: number | undefined;
  /**
   * Reason in the API server's response, such as `NotFound` or `AlreadyExists`; `undefined` if the response has none.
   */
  readonly reason: string | undefined;

  constructor(what: string, problem: string, { code, reason }: ApiStatus, options?: ErrorOptions) {
    super('kubernetes', `${what}: ${problem}`, options);
    this.status = code;
    this.reason = reason;
  }
}

/** Converts an error of the Kubernetes client to one line that begins with the request. */
export function kubernetesError(what: string, error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const status = statusOf(error);
  if (status === undefined) return new KubernetesError(what, withCauses(error), {}, { cause: error });
  const { code, message = '', reason } = status;
  const problem = `[${code}${reason === undefined ? '' : ` ${reason}`}]${message === '' ? '' : ` ${message}`}`;
  // The error gets no `cause`: the client's own error quotes all response headers, which only add noise.
  return new KubernetesError(what, problem, status);
}

/** The message of an error with those of its causes: `fetch` says only that it failed; the reason is in the causes. */
function withCauses(error: unknown): string {
  const causes = error instanceof AggregateError ? error.errors : error instanceof Error ? [error.cause] : [];
  const texts = [messageOf(error), ...causes.filter((cause) => cause !== undefined).map(withCauses)];
  return texts.filter((text) => text !== '').join(': ');
}

/**
 * The API server's response in an exception of the Kubernetes client, which has the HTTP status as `code`, and the
 * response body as text or parsed.
 */
function statusOf(error: unknown): ApiStatus | undefined {
  const { body, code } = (error ?? {}) as { readonly body?: unknown; readonly code?: unknown };
  // A DOMException (`fetch` that timed out) has a numeric `code` too, but no body.
  if (typeof code !== 'number' || body === undefined) return undefined;
  const given = typeof body === 'string' ? parsed(body) : ((body ?? {}) as ApiStatus);
  return { ...given, code };
}

function parsed(body: string): ApiStatus {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // The response body is quoted if it is not JSON: it then comes from a proxy, or from a server that is not
    // Kubernetes.
    return { message: body.trim().slice(0, QUOTED) };
  }
}

const QUOTED = 500;

/** Whether the API server answered 404: the requested object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 404;
}

/**
 * Whether the API server answered 409: an object of that name exists already. Ours was not created, and the existing
 * one is not ours to delete.
 */
export function isTaken(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 409;
}
