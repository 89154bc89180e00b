/** Signals that end a run early. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A second signal within this time is the first one again: terminals and package managers both send it. */
const SAME_MS = 1_000;

/** An interrupted run: `signalName` decides the exit code. */
export class Interrupted extends Error {
  readonly signalName: NodeJS.Signals;

  constructor(signalName: NodeJS.Signals) {
    super(`interrupted by ${signalName}`);
    this.name = 'Interrupted';
    this.signalName = signalName;
  }

  /** 128 plus the signal's number, as shells have it. */
  get exitCode(): number {
    return { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 }[this.signalName as 'SIGINT'] ?? 130;
  }
}

/**
 * Takes the signals over from whoever handled them. The first one aborts the returned signal and calls
 * `onInterrupt`; another one, later, ends the process at once.
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
