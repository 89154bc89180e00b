import type { Generation } from '../target.ts';

/**
 * The exit code that an agent gives a process which a signal ended: the signal alone, since main 128 and the signal, as
 * shells and runc do. Source: src/agent/src/signal.rs.
 */
export function exitOfSignal(generation: Generation, signal: number): number {
  return generation === 'guest-pull' ? 128 + signal : signal;
}
