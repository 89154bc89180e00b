import { type AgentUnderTest, CAPABILITIES, type Capability } from '../../../helpers/contract/target.ts';
import { complete, onKata, onLocal, onVm } from '../../target/describe.ts';
import { renderTable } from '../markdown.ts';
import { code } from './fixtures.ts';

const UPSTREAM_POLICY = { 'upstream-policy': true, 'unsigned-images': true } as const;
const NO_TEMPLATE = 'guests are booted';
const YES_AND_NO = [true, false] as const;

/** Agents that differ in the capabilities that a target with them has. */
const AGENTS = {
  'stand-in': { kind: 'stand-in', version: '', path: '', generation: 'skopeo' },
  CCv0: { kind: 'kata-agent', version: '', path: '', generation: 'skopeo' },
  main: { kind: 'kata-agent', version: '', path: '', generation: 'guest-pull' },
} as const satisfies Readonly<Record<string, AgentUnderTest>>;

type AgentName = keyof typeof AGENTS;
type OfTarget = ReturnType<typeof onLocal>;

/** The capabilities of a target with an agent, one set for each option that matters. */
type Variants = (agent: AgentUnderTest) => readonly OfTarget[];

const TARGETS: Readonly<
  Record<'local' | 'vm' | 'kata', { readonly agents: readonly AgentName[]; variants: Variants }>
> = {
  local: {
    agents: ['stand-in', 'CCv0', 'main'],
    variants: (agent) => YES_AND_NO.map((pullImage) => onLocal(agent, pullImage)),
  },
  vm: {
    agents: ['stand-in', 'CCv0', 'main'],
    variants: (agent) =>
      YES_AND_NO.flatMap((cdh) =>
        [{ memory: '', state: '' }, NO_TEMPLATE].map((template) => onVm(agent, { cdh, template })),
      ),
  },
  kata: {
    agents: ['CCv0', 'main'],
    variants: (agent) =>
      YES_AND_NO.flatMap((cluster) => YES_AND_NO.map((guestPull) => onKata(agent, { cluster, guestPull }))),
  },
};

/** The section of suites/README.md about tags: what each means, and which targets have it. */
export function tagSection(): string {
  const rows = Object.entries(CAPABILITIES).map(([tag, description]) => [
    code(tag),
    description,
    ...Object.values(TARGETS).map(({ agents, variants }) => {
      const answers = agents.map((name) => [name, answer(tag as Capability, AGENTS[name], variants)] as const);
      return cell(answers);
    }),
  ]);
  return [
    '## Tags\n',
    'A tag completes the sentence "this spec needs …". A target that lacks it skips the spec and says why. Where agents',
    'differ, the cell names those with which the target has it. `upstream-policy` and `unsigned-images` also depend on the',
    'policy of guests (`KATA_POLICY`).\n',
    renderTable(['tag', 'this spec needs …', ...Object.keys(TARGETS).map(code)], rows),
  ].join('\n');
}

type Answer = 'yes' | 'no' | 'by settings';

/** Whether a target with an agent has a capability: always, never, or depending on settings. */
function answer(tag: Capability, agent: AgentUnderTest, variants: Variants): Answer {
  const has = variants(agent).flatMap((ofTarget) =>
    [{}, { agentCtl: '/kata-agent-ctl' }].map(
      (config) => complete(ofTarget, UPSTREAM_POLICY, agent, config as Parameters<typeof complete>[3])[tag],
    ),
  );
  if (has.every((one) => one === true)) return 'yes';
  return has.includes(true) ? 'by settings' : 'no';
}

/**
 * The table cell for a capability: one answer if it is the same for all agents; else the agents with the capability.
 */
function cell(answers: readonly (readonly [name: AgentName, answer: Answer])[]): string {
  const [first] = answers;
  if (first !== undefined && answers.every(([, one]) => one === first[1])) return first[1];
  return answers.flatMap(([name, one]) => (one === 'no' ? [] : [one === 'yes' ? name : `${name} ${one}`])).join(', ');
}
