/**
 * Mutants of the policies that specs give to an agent, by name: `KATA_MUTANT` takes them with any agent that has a policy. A spec that
 * stays green under one does not depend on what its policy allows or denies.
 */
export const POLICY_SWAPS = {
  'policy-allow-all': 'every policy that a spec sets allows all requests',
  'policy-deny-all': 'every policy that a spec sets denies all requests but SetPolicy',
} as const;

export type PolicySwap = keyof typeof POLICY_SWAPS;

/** Whether a mutant changes policies, and not the stand-in agent. */
export function isPolicySwap(mutant: string | undefined): mutant is PolicySwap {
  return mutant !== undefined && Object.hasOwn(POLICY_SWAPS, mutant);
}
