import { load } from 'js-yaml';
import type { KataRuntime } from './runtimes.ts';

/** Path in Kata's source of the file that names the shim which releases install by default. */
export const SHIMS_FILE = 'tools/packaging/kata-deploy/helm-chart/kata-deploy/values.yaml';

/** Names of the shims of runtime-rs. Source: the chart's `shims`. */
const OF_RS = /-runtime-rs$|^dragonball$/;

/**
 * The runtime of the shim that a Kata's releases install by default on x86_64, from the values of their Helm chart. `undefined` if the
 * values name no default.
 */
export function defaultRuntime(values: string): KataRuntime | undefined {
  const chart = load(values) as Chart | undefined;
  // Before 3.23, the chart had one default among the environment of its container.
  const shims = chart?.defaultShim ?? chart?.env?.defaultShim;
  const shim = typeof shims === 'object' ? shims.amd64 : shims;
  if (shim === undefined || shim === '') return undefined;
  return OF_RS.test(shim) ? 'rs' : 'go';
}

interface Chart {
  readonly defaultShim?: { readonly amd64?: string };
  readonly env?: { readonly defaultShim?: string };
}
