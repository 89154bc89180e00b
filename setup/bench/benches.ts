import type { Bench } from './bench.ts';
import { rpc } from './rpc.ts';

/** Every bench, in the order they run. */
export const BENCHES: readonly Bench[] = [rpc];
