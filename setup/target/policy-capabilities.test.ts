import { expect, test } from 'vitest';
import { POLICIES } from '../../fixtures/images/policies.ts';
import { type ContainersPolicy, parseContainersPolicy } from '../../helpers/oci/containers-policy.ts';
import { policyCapabilities } from './policy-capabilities.ts';

const TARGET = { passwordRegistry: { guestAddress: '10.0.2.100:5001' } };
const ACCEPT = [{ type: 'insecureAcceptAnything' }];
const REJECT = [{ type: 'reject' }];
const of = (policy: ContainersPolicy | undefined): ReturnType<typeof policyCapabilities> =>
  policyCapabilities(policy, TARGET);

test('policyCapabilities has both capabilities without KATA_POLICY, and with upstream’s policy', () => {
  const all = { 'upstream-policy': true, 'unsigned-images': true };
  expect(of(undefined)).toEqual(all);
  expect(of(parseContainersPolicy(POLICIES['quay_policy.json']))).toEqual(all);
});

test('policyCapabilities of a distribution’s policy lacks only upstream-policy', () => {
  expect(of({ default: ACCEPT, transports: { 'docker-daemon': { '': ACCEPT } } })).toEqual({
    'upstream-policy': 'guests have the policy of KATA_POLICY instead',
    'unsigned-images': true,
  });
});

test.for<[string, ContainersPolicy, string]>([
  ['rejects everything', { default: REJECT }, 'docker.io/library/busybox:latest'],
  [
    'accepts nothing but the images of docker.io/library',
    { default: REJECT, transports: { docker: { 'docker.io/library': ACCEPT } } },
    '10.0.2.100:5001/private/busybox:latest',
  ],
])('a policy that %s lacks unsigned-images, and the reason names the first rejected image', ([, policy, reference]) => {
  expect(of(policy)['unsigned-images']).toBe(`KATA_POLICY does not accept ${reference} without a signature`);
});
