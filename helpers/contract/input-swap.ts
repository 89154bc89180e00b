/** A mutant of what specs put into guests: an image policy, a key, a signature. */
export interface InputSwap {
  /** The changed input, as the user reads it in the report. */
  readonly mutation: string;
  /** The specs that must depend on the input. */
  readonly suites: readonly string[];
}

const SIGSTORE = ['suites/image/sigstore.spec.ts'] as const;
const GUEST_PULLS = ['suites/image/guest-pull.spec.ts', ...SIGSTORE] as const;
const ENCRYPTED = ['suites/image/encrypted-images.spec.ts'] as const;
const SEALED = ['suites/guest/sealed-secrets.spec.ts'] as const;
const MEASURED = ['suites/guest/measured-rootfs.spec.ts'] as const;
const EPHEMERAL_DISKS = ['suites/agent/storage/ephemeral-disks.spec.ts'] as const;
const HTTPS_PROXY = ['suites/image/guest-pull-https-proxy.spec.ts'] as const;
/** Specs of what guests get from a KBS. */
const BY_KBS = [
  'suites/attestation/initdata.spec.ts',
  'suites/attestation/kbs-faults.spec.ts',
  'suites/attestation/kbs-requests.spec.ts',
  'suites/attestation/kbs-resources.spec.ts',
  'suites/attestation/kbs-signatures.spec.ts',
  'suites/attestation/kbs-waits.spec.ts',
  'suites/attestation/resources.spec.ts',
] as const;

/**
 * Mutants of the inputs of specs for agents of main, by name: `KATA_MUTANT` takes them with any kata-agent. Fixtures look at the
 * target's mutant where they make the input. A spec that stays green under each mutant of its file depends on none of these inputs.
 */
export const INPUT_SWAPS = {
  'image-policy-accept-all': { mutation: 'the image policy of every guest accepts all images', suites: GUEST_PULLS },
  'image-policy-reject-all': { mutation: 'the image policy of every guest rejects all images', suites: GUEST_PULLS },
  'sigstore-other-keys': { mutation: 'guests trust other keys than those that signed the images', suites: SIGSTORE },
  'sigstore-sound-signatures': { mutation: 'every image has a signature by the trusted key', suites: SIGSTORE },
  'sigstore-changed-payloads': { mutation: 'every payload was changed after it was signed', suites: SIGSTORE },
  'image-keys-other': {
    mutation: 'every guest has other keys than those of the encrypted images',
    suites: ENCRYPTED,
  },
  'measured-root-unchanged': { mutation: 'no root file system that must be rejected differs', suites: MEASURED },
  'measured-root-unverified': { mutation: 'every root file system is mounted without dm-verity', suites: MEASURED },
  'measured-root-other-hash': { mutation: 'every measured root file system has another root hash', suites: MEASURED },
  'sealed-secret-other': {
    mutation: 'every CDH has another secret than the one that was sealed',
    suites: SEALED,
  },
  'image-changes-undone': {
    mutation: 'every encrypted image is pulled as it was before the registry changed it',
    suites: ENCRYPTED,
  },
  'sealed-secret-sound': {
    mutation: 'every value is a sealed secret that the CDH unseals, in a volume of Kubernetes if it is a file',
    suites: SEALED,
  },
  'images-sound': {
    mutation: 'every image that a spec makes is replaced by a sound one, under its tag',
    suites: [
      'suites/image/guest-pull-escapes.spec.ts',
      'suites/image/guest-pull-layers.spec.ts',
      'suites/image/guest-pull-limits.spec.ts',
      'suites/image/guest-pull-manifests.spec.ts',
      'suites/image/guest-pull-many-layers.spec.ts',
    ],
  },
  'registry-without-faults': {
    mutation: 'no registry has a fault',
    suites: [
      'suites/image/guest-pull-limits.spec.ts',
      'suites/faults/registry-cdh.spec.ts',
      'suites/faults/registry-reset.spec.ts',
    ],
  },
  'https-proxy-sound': {
    mutation: 'every proxy for HTTPS serves every client, and every CDH before it uses it and trusts the registry',
    suites: HTTPS_PROXY,
  },
  'https-proxy-rejects-all': { mutation: 'every proxy for HTTPS rejects every client', suites: HTTPS_PROXY },
  'kbs-accepts-all': { mutation: 'every answer of a KBS has status 200', suites: BY_KBS },
  'kbs-rejects-all': {
    mutation: 'every answer of a KBS has status 401, but those to the spec itself',
    suites: [...BY_KBS, 'suites/attestation/token.spec.ts'],
  },
  'kbs-without-tls': { mutation: 'no KBS serves HTTPS', suites: ['suites/attestation/kbs-https.spec.ts'] },
  'kbs-other-server': {
    mutation: 'servers that are no KBS all give the same answer, with status 503',
    suites: ['suites/attestation/kbs-faults.spec.ts'],
  },
  'guest-components-all': {
    mutation: 'every guest with guest components has all of them, with all endpoints, and no further kernel parameters',
    suites: ['suites/attestation/guest-components.spec.ts'],
  },
  'api-other-request': {
    mutation: 'every request to api-server-rest asks for evidence with other runtime data',
    suites: ['suites/attestation/guest-components.spec.ts', 'suites/attestation/token.spec.ts'],
  },
  'disks-encrypted': { mutation: 'every volume on a disk of its own is encrypted', suites: EPHEMERAL_DISKS },
  'disks-plain': { mutation: 'no volume on a disk of its own is encrypted', suites: EPHEMERAL_DISKS },
} as const satisfies Readonly<Record<string, InputSwap>>;

/** Name of a mutant of the inputs of specs. */
export type InputSwapName = keyof typeof INPUT_SWAPS;

/** Whether a mutant changes an input of specs, and neither the stand-in agent nor a policy in Rego. */
export function isInputSwap(mutant: string | undefined): mutant is InputSwapName {
  return mutant !== undefined && Object.hasOwn(INPUT_SWAPS, mutant);
}
