import { inspect } from 'node:util';

/**
 * Base of every error this project raises on purpose. `code` is stable and survives Vitest's serialisation between
 * worker and reporter (class identity does not), so reports and specs test `code`, never `instanceof`.
 */
export class HarnessError extends Error {
  /** What failed, as a short stable name: `timeout`, `config`; of an RPC the status in lower case. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A peer violated a wire protocol (ttrpc frame, hybrid-vsock handshake, debug console prompt). */
export class ProtocolError extends HarnessError {}

/** A wait expired. The message says what was awaited, for how long, and the last state. */
export class TimeoutError extends HarnessError {
  constructor(message: string, options?: ErrorOptions) {
    super('timeout', message, options);
  }
}

/** A step of set-up failed, or the host cannot run the target. */
export class ProvisionError extends HarnessError {}

/** Invalid user input (environment, flags, a file). The message names the variable, the value and the remedy. */
export class ConfigError extends HarnessError {
  constructor(message: string, options?: ErrorOptions) {
    super('config', message, options);
  }
}

/** A one-line message for any thrown value; never empty. */
export function messageOf(error: unknown): string {
  // A disposal that failed keeps the failure before it as `suppressed`.
  if (error instanceof SuppressedError)
    return `${messageOf(error.suppressed)}; and disposal failed: ${messageOf(error.error)}`;
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return inspect(error, { breakLength: Number.POSITIVE_INFINITY, depth: 2 });
  if (error.message !== '') return error.message;
  // If Node.js tried several addresses, the AggregateError has no message; only the errors of the attempts have one.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ');
  return (error as NodeJS.ErrnoException).code ?? error.name;
}

/** An error, its cause, the cause of that, and so on. */
export function causesOf(error: unknown): readonly Error[] {
  return error instanceof Error ? [error, ...causesOf(error.cause)] : [];
}
