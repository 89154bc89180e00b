import { expect, test } from 'vitest';
import { attestationCapabilities } from './attestation-capabilities.ts';

const MAIN = { kind: 'kata-agent', generation: 'guest-pull' } as const;
const NONE = { guestComponents: false, kbs: false } as const;

test('guests of an agent of main have the guest components and the KBS that the settings give them', () => {
  expect(attestationCapabilities(MAIN, { guestComponents: true, kbs: true })).toEqual({
    'guest-components': true,
    kbs: true,
  });
});

test('a target without guest components and KBS names the settings that give them', () => {
  expect(attestationCapabilities(MAIN, NONE)).toEqual({
    'guest-components': expect.stringContaining('KATA_GUEST_COMPONENTS is not set'),
    kbs: expect.stringContaining('KATA_KBS is not set'),
  });
});

test.for([
  ['the stand-in', { kind: 'stand-in', generation: 'skopeo' }, 'the stand-in agent starts no guest components'],
  ['CCv0', { kind: 'kata-agent', generation: 'skopeo' }, 'an agent of generation skopeo starts no guest components'],
] as const)('guests of an agent of %s have neither, whatever the settings give', ([, agent, reason]) => {
  const found = attestationCapabilities(agent, { guestComponents: true, kbs: true });
  expect(found).toEqual({ 'guest-components': reason, kbs: reason });
});
