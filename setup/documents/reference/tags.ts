import { RELEASE_FACTS, type ReleaseFact } from '../../../helpers/contract/release-facts.ts';
import { CAPABILITIES, type Capability, type CapabilitySet } from '../../../helpers/contract/target.ts';
import { renderTable } from '../markdown.ts';
import { code } from './fixtures.ts';
import { type AgentName, capabilitySets, OF_POLICY, TARGET_NAMES, TARGETS } from './target-variants.ts';

/** The section of suites/README.md about tags: what each means, and which targets have it. */
export function tagSection(): string {
  const rows = Object.entries(CAPABILITIES).map(([tag, description]) => [
    code(tag),
    description,
    ...TARGET_NAMES.map((target) => {
      const setsOf = (name: AgentName): readonly CapabilitySet[] => capabilitySets(target, name, [OF_POLICY[0]]);
      return cell(TARGETS[target].agents.map((name) => [name, answer(tag as Capability, setsOf(name))] as const));
    }),
  ]);
  return [
    '## Tags\n',
    'A tag completes the sentence "this spec needs …". A target that lacks it skips the spec and says why. Where agents',
    'differ, the cell names those with which the target has it. `upstream-policy` and `unsigned-images` also depend on the',
    'policy of guests (`KATA_POLICY`).\n',
    renderTable(['tag', 'this spec needs …', ...TARGET_NAMES.map(code)], rows),
    'A tag of a release skips the spec with agents of other releases. `since` is the first release with what the spec needs, `until`',
    'the first without. The table is `helpers/contract/release-facts.ts`, with its sources; differences of texts are in `expectedErrors`.\n',
    renderTable(
      ['tag', 'this spec needs …', 'since', 'until'],
      Object.entries<ReleaseFact>(RELEASE_FACTS).map(factRow),
    ),
  ].join('\n');
}

function factRow([tag, { since = '', until = '', what }]: readonly [string, ReleaseFact]): string[] {
  return [code(tag), what, since, until];
}

type Answer = 'yes' | 'no' | 'by settings';

/** Whether a target has a capability: always, never, or depending on settings. */
function answer(tag: Capability, sets: readonly CapabilitySet[]): Answer {
  if (sets.every((capabilities) => capabilities[tag] === true)) return 'yes';
  return sets.some((capabilities) => capabilities[tag] === true) ? 'by settings' : 'no';
}

/**
 * The table cell for a capability: one answer if it is the same for all agents; else the agents with the capability.
 */
function cell(answers: readonly (readonly [name: AgentName, answer: Answer])[]): string {
  const [first] = answers;
  if (first !== undefined && answers.every(([, one]) => one === first[1])) return first[1];
  return answers.flatMap(([name, one]) => (one === 'no' ? [] : [one === 'yes' ? name : `${name} ${one}`])).join(', ');
}
