import type { Bench } from './benchmark.ts';
import { boot } from './boot.ts';
import { guests } from './guests.ts';
import { innerLoop } from './inner-loop.ts';
import { pull } from './pull.ts';
import { rpc } from './rpc.ts';
import { secondRun } from './second-run.ts';
import { startUp } from './start-up.ts';

/**
 * Every bench of `pnpm kata bench`, in the order they run. To add a bench, export a {@link Bench} from a file in this
 * directory, and add its name to this list.
 */
export const BENCHES: readonly Bench[] = [rpc, guests, pull, startUp, boot, secondRun, innerLoop];
