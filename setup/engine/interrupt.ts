/** Signals that end a run early. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Time after a signal in which a second one counts as the same, in milliseconds: terminals and package managers both
 * send it.
 */
const SAME_MS = 1_000;

/** A run was interrupted by a signal; `signalName` decides the exit code. */
export class Interrupted extends Error {
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`);
    this.name = 'Interrupted';
    this.signalName = signalName;
  }

  /** Exit code of an interrupted process: 128 plus the signal's number, as in shells. */
  get exitCode(): number {
    return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[this.signalName as 'SIGINT'] ?? 130;
  }
}

/**
 * Replaces all handlers of the signals that end a run. The first signal aborts the returned AbortSignal and calls
 * `onInterrupt`; a later one ends the process immediately.
 */
export function takeOverSignals(onInterrupt: (interrupted: Interrupted) => void): AbortSignal {
  const controller = new AbortController();
  let firstAt: number | undefined;
  for (const name of SIGNALS) {
    process.removeAllListeners(name);
    process.on(name, () => {
      const now = performance.now();
      if (firstAt !== undefined) {
        if (now - firstAt > SAME_MS) process.exit(new Interrupted(name).exitCode);
        return;
      }
      firstAt = now;
      const interrupted = new Interrupted(name);
      controller.abort(interrupted);
      onInterrupt(interrupted);
    });
  }
  return controller.signal;
}
