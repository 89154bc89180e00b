import type { Bench } from './benchmark.ts';
import { boot } from './boot.ts';
import { guests } from './guests.ts';
import { pull } from './pull.ts';
import { rpc } from './rpc.ts';
import { secondRun } from './second-run.ts';
import { startUp } from './start-up.ts';

/** Every bench, in the order they run. Add one: a file here that exports a {@link Bench}, and its name in this list. */
export const BENCHES: readonly Bench[] = [rpc, guests, pull, startUp, boot, secondRun];
