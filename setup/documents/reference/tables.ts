import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import {
  CDH_POLICY_SCENARIOS,
  CDH_REJECTIONS,
  CDH_SIGNATURE_SCENARIOS,
} from '../../../fixtures/pull/expected-cdh-errors.ts';
import { type Rejections, SKOPEO_REJECTIONS } from '../../../fixtures/pull/expected-skopeo-errors.ts';
import {
  CREDENTIAL_SCENARIOS,
  type ImagePull,
  POLICY_SCENARIOS,
  SIGNATURE_SCENARIOS,
} from '../../../fixtures/pull/scenarios.ts';
import type { ImageName } from '../../../helpers/contract/target.ts';
import { TIME_LIMITS, type TimeLimit } from '../../../helpers/contract/time-limits.ts';
import { renderTable } from '../markdown.ts';
import { code, entryOf, tagsOf } from './fixtures.ts';
import type { Described, ProjectSource } from './source.ts';

/** Interfaces that spec authors read most, with the module that exports each; suites/README.md describes them. */
export const INTERFACES = [
  ['fixtures/guest/guest.ts', 'Guest'],
  ['fixtures/guest/options.ts', 'GuestOptions'],
  ['fixtures/container/container.ts', 'RunningContainer'],
  ['fixtures/container/spec.ts', 'ContainerSpecOptions'],
  ['fixtures/pod/cri.ts', 'Pod'],
  ['fixtures/pod/cri.ts', 'CriPodOptions'],
  ['fixtures/pod/cri.ts', 'PodContainerInputs'],
  ['fixtures/pod/manifest.ts', 'PodOptions'],
  ['helpers/guest-console/console.ts', 'GuestConsole'],
  ['fixtures/pull/by-skopeo.ts', 'PullRequest'],
  ['fixtures/pull/by-cdh.ts', 'StoragePullRequest'],
  ['fixtures/pull/scenarios.ts', 'ImagePull'],
  ['helpers/rpc/error.ts', 'RpcError'],
] as const;

/** Names of types that fixtures take or return and that are no interfaces; `fixtures/test.ts` exports them. */
const TYPES = ['PulledImage', 'WithId', 'ProcessFields'];

/** Outcomes of pulls, with the module that exports each, and the function that returns the expected outcome. */
export const OUTCOMES = [
  [
    'fixtures/pull/by-skopeo.ts',
    'PullOutcome',
    '`pull`, `pullByShim`; expect it with `expectedOutcome(scenario, target)`',
  ],
  [
    'fixtures/pull/by-cdh.ts',
    'StoragePullOutcome',
    '`createFromImage`; expect it with `expectedStoragePull(scenario)`',
  ],
  ['fixtures/pull/in-pod.ts', 'PodPullOutcome', '`runFromImage`; expect it with `expectedPodPull(scenario)`'],
] as const;

/** The sections of suites/README.md about interfaces and outcomes. */
export function interfaceSections(source: ProjectSource): string {
  const exported = source.exportsOf('fixtures/test.ts');
  return [
    '## Interfaces\n',
    ...INTERFACES.map(([path, name]) => `### ${name}\n\n${membersOf(source.membersOf(path, name))}`),
    '### Other types\n',
    ...exported.filter(({ name }) => TYPES.includes(name)).map((one) => entryOf(one).trimEnd()),
    '\n## Outcomes of pulls\n',
    'A rejection is an outcome and not an error, so that a spec checks all of it with one `toMatchObject`.\n',
    ...OUTCOMES.map(
      ([path, name, by]) => `### ${name}\n\nReturned by ${by}.\n\n${membersOf(source.membersOf(path, name))}`,
    ),
  ].join('\n');
}

/** The sections of suites/README.md about images, policies and the scenarios of both. */
export function imageSections(source: ProjectSource): string {
  const images = source.membersOf('fixtures/images/catalogue.ts', 'IMAGES').map(({ name, text }) => {
    return [code(name), code(IMAGES[name as ImageName].reference), text];
  });
  const policies = source.membersOf('fixtures/images/policies.ts', 'POLICIES');
  return [
    '## Images\n',
    renderTable(['image', 'reference', 'what it is for'], images),
    '## Policies\n',
    'For `launch({ policy })`, `guestOptions` and `withPolicy`.\n',
    renderTable(
      ['policy', 'what it does'],
      policies.map(({ name, text }) => [code(name.replaceAll('"', '')), text]),
    ),
    '## Scenarios\n',
    "Rows for `test.for(SIGNATURE_SCENARIOS)('PullImage of %s', async ([, scenario], { guest, pull, target }) => …)`. The column CDH",
    'says whether the table for agents that pull through the CDH (`CDH_SIGNATURE_SCENARIOS`, `CDH_POLICY_SCENARIOS`) has the row;',
    'image-rs behaves differently for the others.\n',
    '### SIGNATURE_SCENARIOS\n',
    scenarioTable(SIGNATURE_SCENARIOS, CDH_SIGNATURE_SCENARIOS, (scenario) => [scenario]),
    '### CREDENTIAL_SCENARIOS\n',
    renderTable(
      ['title', 'pulls', 'credentials'],
      CREDENTIAL_SCENARIOS.map(([claim, scenario]) => [claim, pulls([scenario]), scenario.credentials ?? 'none']),
    ),
    '### POLICY_SCENARIOS\n',
    scenarioTable(POLICY_SCENARIOS, CDH_POLICY_SCENARIOS, (scenario) => scenario.pulls),
    '### Rejections\n',
    'Texts on the console of the guest, by generation; what the RPC returns differs and is in `expectedOutcome` and its like.\n',
    renderTable(
      ['rejection', 'skopeo', 'CDH'],
      Object.keys(SKOPEO_REJECTIONS).map((name) => [
        code(name),
        code(SKOPEO_REJECTIONS[name as keyof Rejections].source),
        code(CDH_REJECTIONS[name as keyof Rejections]?.source ?? ''),
      ]),
    ),
  ].join('\n');
}

/** The sections of suites/README.md about time limits and the exports of `fixtures/test.ts`. */
export function otherSections(source: ProjectSource): string {
  const limits = source.membersOf('helpers/contract/time-limits.ts', 'TIME_LIMITS').map(({ name, text }) => {
    const limit = name.replaceAll('"', '') as TimeLimit;
    return [code(limit), `${TIME_LIMITS[limit] / 1_000} s`, text];
  });
  return [
    '## Time limits\n',
    'For `within`, on a machine without emulation; elsewhere they are multiplied.\n',
    renderTable(['limit', 'time', 'what it bounds'], limits),
    '## Exports of fixtures/test.ts\n',
    'Besides these: `describe` and `expect` of Vitest.\n',
    ...source.exportsOf('fixtures/test.ts').map((one) => `${entryOf(one).trimEnd()}${tagNote(one)}`),
    '',
  ].join('\n');
}

function tagNote({ tags }: Described): string {
  return tags['tag'] === undefined ? '' : `<br>_tag: ${tagsOf(tags)}_`;
}

function membersOf(members: readonly Described[]): string {
  return members.map(entryOf).join('');
}

type Row<T> = readonly [claim: string, scenario: T];

function scenarioTable<T>(
  all: readonly Row<T>[],
  cdh: readonly Row<T>[],
  of: (scenario: T) => readonly ImagePull[],
): string {
  const rows = all.map((row) => [row[0], pulls(of(row[1])), cdh.includes(row) ? 'yes' : 'no']);
  return renderTable(['title', 'pulls', 'CDH'], rows);
}

function pulls(of: readonly ImagePull[]): string {
  return of
    .map(({ image, rejection }) => `${code(image)}: ${rejection === undefined ? 'accepted' : code(rejection)}`)
    .join(', ');
}
