import { inspect } from 'node:util';

/**
 * Base of every error this project raises on purpose. `code` is stable and survives Vitest's serialisation between
 * worker and reporter (class identity does not), so reports and specs test `code`, never `instanceof`.
 */
export class HarnessError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A peer broke a wire protocol (ttrpc frame, hybrid-vsock handshake, debug console prompt). */
export class ProtocolError extends HarnessError {}

/** Something awaited did not happen in time. The message says what, for how long, and the last state seen. */
export class TimeoutError extends HarnessError {
  constructor(message: string, options?: ErrorOptions) {
    super('timeout', message, options);
  }
}

/** A step of set-up failed, or the machine cannot carry the target. */
export class ProvisionError extends HarnessError {}

/** What the user gave (environment, flags, a file) is wrong. The message names the variable, the value and the remedy. */
export class ConfigError extends HarnessError {
  constructor(message: string, options?: ErrorOptions) {
    super('config', message, options);
  }
}

/** The message of anything thrown, for a one-line report; never empty. */
export function messageOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (!(error instanceof Error)) return inspect(error, { breakLength: Number.POSITIVE_INFINITY, depth: 2 });
  if (error.message !== '') return error.message;
  // Node.js has it in the errors of each try, when it tried several addresses.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(messageOf).join('; ');
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
