import type { AgentUnderTest, CapabilitySet } from '../../helpers/contract/target.ts';

/** Whether guests of a target have the guest components, and whether there is a KBS. */
export interface AttestationParts {
  readonly guestComponents: boolean;
  readonly kbs: boolean;
}

/** Capabilities that depend on the guest components and the KBS, for targets whose guests can have a CDH. */
export function attestationCapabilities(
  { generation, kind }: Pick<AgentUnderTest, 'generation' | 'kind'>,
  { guestComponents, kbs }: AttestationParts,
): Pick<CapabilitySet, 'guest-components' | 'kbs'> {
  if (generation !== 'guest-pull') {
    const none = `${kind === 'stand-in' ? 'the stand-in agent' : `an agent of generation ${generation}`} starts no guest components`;
    return { 'guest-components': none, kbs: none };
  }
  return {
    'guest-components': guestComponents || 'KATA_GUEST_COMPONENTS is not set: source builds both programs',
    kbs: kbs || 'KATA_KBS is not set: source builds the one of trustee',
  };
}
