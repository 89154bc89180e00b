import { HarnessError, messageOf } from '../errors.ts';

/** What the API server answers instead of what was asked for. Source: Kubernetes' meta/v1 Status. */
export interface ApiStatus {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
}

/** The API server refused something, or could not be asked. */
export class KubernetesError extends HarnessError {
  /** HTTP status; `undefined` when there was no answer. */
  readonly status: number | undefined;
  /** `NotFound`, `AlreadyExists`, ...; `undefined` where the server gives none. */
  readonly reason: string | undefined;

  constructor(what: string, problem: string, { code, reason }: ApiStatus, options?: ErrorOptions) {
    super('kubernetes', `${what}: ${problem}`, options);
    this.status = code;
    this.reason = reason;
  }
}

/** Whatever the client throws, as one line that leads with what was asked. */
export function kubernetesError(what: string, error: unknown): KubernetesError {
  if (error instanceof KubernetesError) return error;
  const status = statusOf(error);
  if (status === undefined) return new KubernetesError(what, messageOf(error), {}, { cause: error });
  const { code, message = '', reason } = status;
  const problem = `[${code}${reason === undefined ? '' : ` ${reason}`}]${message === '' ? '' : ` ${message}`}`;
  // The client's own error quotes all headers of the answer; nobody needs those.
  return new KubernetesError(what, problem, status);
}

/** The client's exceptions carry the HTTP status as `code`, and the answer as it came or parsed. */
function statusOf(error: unknown): ApiStatus | undefined {
  const { body, code } = (error ?? {}) as { readonly body?: unknown; readonly code?: unknown };
  if (typeof code !== 'number') return undefined;
  const given = typeof body === 'string' ? parsed(body) : ((body ?? {}) as ApiStatus);
  return { ...given, code };
}

function parsed(body: string): ApiStatus {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    // A proxy, or a server that is not Kubernetes, answers in a language of its own: it is quoted as it is.
    return { message: body.trim().slice(0, QUOTED) };
  }
}

const QUOTED = 500;

/** Whether what was asked for is not there. */
export function isNotFound(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 404;
}

/** Whether there was one of that name already: ours was not made, and that one is somebody else's. */
export function isTaken(error: unknown): boolean {
  return error instanceof KubernetesError && error.status === 409;
}
