import type { AgentUnderTest, CapabilitySet, TargetName } from '../../../helpers/contract/target.ts';
import { GUEST_PULLS } from '../../../helpers/kata/guest-pull.ts';
import { complete, onKata, onLocal, onVm } from '../../target/describe.ts';

const NO_TEMPLATE = 'guests are booted';
const YES_AND_NO = [true, false] as const;
const CLUSTERS = [{ services: true }, {}, undefined] as const;

/** Kata's runtimes, with the hypervisors and programs that each can have. */
const RUNTIMES = [
  { runtime: 'go', hypervisor: 'qemu', kataCtl: false },
  { runtime: 'rs', hypervisor: 'qemu', kataCtl: true },
  { runtime: 'rs', hypervisor: 'clh', kataCtl: false },
] as const;

/** A CDH, the guest components and a KBS: each needs the one before. */
const CDH_AND_PARTS = [
  { cdh: false, guestComponents: false, kbs: false },
  { cdh: true, guestComponents: false, kbs: false },
  { cdh: true, guestComponents: true, kbs: false },
  { cdh: true, guestComponents: true, kbs: true },
];

/** Agents that differ in the capabilities that a target with them has. */
const AGENTS = {
  'stand-in': { kind: 'stand-in', version: '', path: '', generation: 'skopeo' },
  CCv0: { kind: 'kata-agent', version: '', path: '', generation: 'skopeo' },
  main: {
    kind: 'kata-agent',
    version: '',
    path: '',
    generation: 'guest-pull',
    features: ['agent-policy', 'init-data'],
  },
} as const satisfies Readonly<Record<string, AgentUnderTest>>;

export type AgentName = keyof typeof AGENTS;
type OfTarget = ReturnType<typeof onLocal>;
type OfPolicy = Parameters<typeof complete>[1];

/** The capabilities of a target with an agent, one set for each option that matters. */
type Variants = (agent: AgentUnderTest) => readonly OfTarget[];

/** The kinds of target, with the agents that each can have and its capabilities with them. */
export const TARGETS: Readonly<
  Record<TargetName, { readonly agents: readonly AgentName[]; readonly variants: Variants }>
> = {
  local: {
    agents: ['stand-in', 'CCv0', 'main'],
    variants: (agent) => [[], [24]].map((lacked) => onLocal(agent, lacked)),
  },
  vm: {
    agents: ['stand-in', 'CCv0', 'main'],
    variants: (agent) =>
      CDH_AND_PARTS.flatMap((parts) =>
        YES_AND_NO.flatMap((measured) =>
          [{ memory: '', state: '' }, NO_TEMPLATE].map((template) =>
            onVm(agent, { ...parts, kernel: 'distro', measured, template }),
          ),
        ),
      ),
  },
  kata: {
    agents: ['CCv0', 'main'],
    variants: (agent) =>
      CLUSTERS.flatMap((cluster) =>
        CDH_AND_PARTS.flatMap(({ cdh, ...parts }) =>
          (cdh ? GUEST_PULLS : [undefined]).flatMap((guestPull) =>
            YES_AND_NO.flatMap((measured) =>
              YES_AND_NO.flatMap((pullImage) =>
                [1, 2].flatMap((processors) =>
                  RUNTIMES.map((runtime) =>
                    onKata(agent, { ...parts, ...runtime, cluster, guestPull, measured, processors, pullImage }),
                  ),
                ),
              ),
            ),
          ),
        ),
      ),
  },
};

/** Names of the kinds of target. */
export const TARGET_NAMES = ['local', 'vm', 'kata'] as const;

/** Capabilities that depend on the policy of guests: with upstream's policy, and with others. */
export const OF_POLICY: readonly [upstream: OfPolicy, ...others: OfPolicy[]] = [
  { 'upstream-policy': true, 'unsigned-images': true },
  { 'upstream-policy': 'another policy', 'unsigned-images': true },
  { 'upstream-policy': 'another policy', 'unsigned-images': 'it rejects one' },
];

/** The capabilities of a kind of target with an agent, one set for each combination of its options. */
export function capabilitySets(
  target: TargetName,
  name: AgentName,
  policies: readonly OfPolicy[],
): readonly CapabilitySet[] {
  const agent = AGENTS[name];
  return TARGETS[target]
    .variants(agent)
    .flatMap((ofTarget) =>
      policies.flatMap((ofPolicy) =>
        [{}, { agentCtl: '/kata-agent-ctl', genpolicy: '/genpolicy' }].map((config) =>
          complete(ofTarget, ofPolicy, agent, config as Parameters<typeof complete>[3]),
        ),
      ),
    );
}
