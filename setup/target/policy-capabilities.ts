import { isDeepStrictEqual } from 'node:util';
import { catalogue } from '../../fixtures/images/catalogue.ts';
import { POLICIES } from '../../fixtures/images/policies.ts';
import { referenceOf } from '../../fixtures/pull/by-skopeo.ts';
import type { CapabilitySet, RegistryEndpoint } from '../../helpers/contract/target.ts';
import { acceptsUnsigned, type ContainersPolicy, parseContainersPolicy } from '../../helpers/oci/containers-policy.ts';

const UPSTREAM = parseContainersPolicy(POLICIES['quay_policy.json']);

/** Capabilities that depend on the image policy of `KATA_POLICY`; if it is unset, guests have upstream's policy. */
export function policyCapabilities(
  policy: ContainersPolicy | undefined,
  target: { readonly passwordRegistry: Pick<RegistryEndpoint, 'guestAddress'> },
): Pick<CapabilitySet, 'upstream-policy' | 'unsigned-images'> {
  if (policy === undefined || isDeepStrictEqual(policy, UPSTREAM)) {
    return { 'upstream-policy': true, 'unsigned-images': true };
  }
  const rejected = catalogue()
    .map(([name]) => referenceOf(name, target))
    .find((reference) => acceptsUnsigned(UPSTREAM, reference) && !acceptsUnsigned(policy, reference));
  return {
    'upstream-policy': 'guests have the policy of KATA_POLICY instead',
    'unsigned-images': rejected === undefined || `KATA_POLICY does not accept ${rejected} without a signature`,
  };
}
