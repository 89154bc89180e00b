import type { InputSwap } from './input-swap.ts';

const PULLS = [
  'suites/image/guest-pull.spec.ts',
  'suites/image/guest-pull-escapes.spec.ts',
  'suites/image/guest-pull-layers.spec.ts',
  'suites/image/guest-pull-limits.spec.ts',
  'suites/image/guest-pull-manifests.spec.ts',
  'suites/image/guest-pull-registries.spec.ts',
  'suites/image/sigstore.spec.ts',
  'suites/image/encrypted-images.spec.ts',
  'suites/faults/registry-cdh.spec.ts',
] as const;
/** Specs of pulls with policies, keys and credentials of a KBS. */
const PULLS_BY_KBS = ['suites/attestation/kbs-resources.spec.ts', 'suites/attestation/kbs-signatures.spec.ts'] as const;
const STORAGE = ['suites/image/guest-pull-storage.spec.ts'] as const;
const SECRETS = ['suites/guest/sealed-secrets.spec.ts'] as const;

/**
 * Mutants of the CDH, by name: `KATA_MUTANT` takes them on target `vm` with any kata-agent and any CDH. A ttrpc server of this project
 * (fixtures/cdh-proxy) answers the agent in the guest, and passes its calls on to the CDH with one change.
 */
export const CDH_MUTANTS = {
  'cdh-accepts-all': {
    mutation: 'the CDH answers a failed pull with success, and a root of its own',
    suites: [...PULLS, ...PULLS_BY_KBS],
  },
  'cdh-rejects-all': {
    mutation: 'the CDH fails every pull and unseals no secret',
    suites: [...PULLS, ...SECRETS],
  },
  'cdh-other-image': {
    mutation: 'the CDH pulls docker.io/library/small in place of every image',
    suites: [
      'suites/image/guest-pull.spec.ts',
      'suites/image/guest-pull-layers.spec.ts',
      'suites/image/encrypted-images.spec.ts',
    ],
  },
  'cdh-shared-root': {
    mutation: 'containers of the same image share one root file system',
    suites: ['suites/image/guest-pull.spec.ts'],
  },
  'cdh-other-cause': {
    mutation: 'the CDH names another cause of every error, in its answer and on the console',
    suites: [...PULLS, ...SECRETS],
  },
  'cdh-keeps-layers': {
    mutation: 'the CDH leaves a layer behind after a failed pull',
    suites: [
      'suites/image/sigstore.spec.ts',
      'suites/image/encrypted-images.spec.ts',
      'suites/image/guest-pull-limits.spec.ts',
      'suites/faults/registry-cdh.spec.ts',
    ],
  },
  'cdh-writes-outside': {
    mutation: 'every pull of the CDH changes a file of the guest outside the image',
    suites: ['suites/image/guest-pull-escapes.spec.ts'],
  },
  'cdh-without-credentials': {
    mutation: 'the CDH pulls without the credentials of its configuration',
    suites: ['suites/image/guest-pull.spec.ts', 'suites/image/guest-pull-limits.spec.ts'],
  },
  'cdh-constant-secret': {
    mutation: 'the CDH unseals every value to the same text',
    suites: [...SECRETS, 'suites/attestation/kbs-resources.spec.ts'],
  },
  'cdh-secret-as-sealed': { mutation: 'the CDH answers every sealed value with itself', suites: SECRETS },
  'cdh-same-resource': {
    mutation: 'the CDH answers every request for a resource with the same text, and does not ask the KBS',
    suites: ['suites/attestation/resources.spec.ts'],
  },
  'cdh-plain-mount': {
    mutation: 'SecureMount succeeds always, and mounts a new file system that is not encrypted',
    suites: ['suites/guest/secure-mount.spec.ts', ...STORAGE],
  },
  'cdh-rejects-mounts': { mutation: 'SecureMount always fails', suites: STORAGE },
  'cdh-unverified-secrets': { mutation: 'the CDH verifies no signature of a sealed secret', suites: SECRETS },
} as const satisfies Readonly<Record<string, InputSwap>>;

/** Name of a mutant of the CDH. */
export type CdhMutantName = keyof typeof CDH_MUTANTS;

/** Name of the run in which the server between agent and CDH changes nothing: every spec must pass in it. */
export const CDH_PROXY = 'cdh-proxy';

/** The change that a run with a server between agent and CDH has, for reports. */
export function cdhMutation(name: CdhMutantName | typeof CDH_PROXY): string {
  const changed = name === CDH_PROXY ? 'nothing is changed' : CDH_MUTANTS[name].mutation;
  return `a ttrpc server of this project answers the agent in place of the CDH, and passes calls on to it: ${changed}`;
}

/** Whether a mutant is one of the CDH, or the server between agent and CDH that changes nothing. */
export function isCdhMutant(mutant: string | undefined): mutant is CdhMutantName | typeof CDH_PROXY {
  return mutant !== undefined && (mutant === CDH_PROXY || Object.hasOwn(CDH_MUTANTS, mutant));
}
