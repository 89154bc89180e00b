import { globSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CAPABILITIES } from '../../../helpers/contract/target.ts';
import { projectPath } from '../../project.ts';
import { firstSentence, themesIn } from './fixtures.ts';
import { REFERENCE_PAGE, referencePage } from './page.ts';
import { openSource } from './source.ts';
import { INTERFACES, OUTCOMES } from './tables.ts';
import { FIRST_SPEC } from './tutorial.ts';

const source = openSource();
afterAll(() => source[Symbol.dispose]());

test('suites/README.md is up to date; `pnpm kata reference` writes it', async () => {
  await expect(await referencePage(source)).toMatchFileSnapshot(REFERENCE_PAGE);
});

test('the example spec in suites/README.md is a spec of the suites', () => {
  expect(globSync('suites/**/*.spec.ts', { cwd: projectPath('.') })).toContain(FIRST_SPEC);
});

describe('descriptions', () => {
  const fixtures = themesIn(source).flatMap((theme) => theme.fixtures);

  test('every fixture has a description and a cost, and its @scope is its scope', () => {
    expect(fixtures.length).toBeGreaterThan(40);
    const wrong = fixtures.filter(
      ({ scope, tags, text }) => text === '' || !tags['cost'] || (tags['scope'] ?? 'test') !== scope,
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('every theme of fixtures has a description', () => {
    expect(themesIn(source).filter(({ text }) => text === '')).toEqual([]);
  });

  test.for([
    ['fixtures/images/catalogue.ts', 'IMAGES'],
    ['fixtures/images/policies.ts', 'POLICIES'],
    ['fixtures/container/expected-errors.ts', 'ExpectedErrors'],
    ['helpers/contract/time-limits.ts', 'TIME_LIMITS'],
    ...INTERFACES,
    ...OUTCOMES.map(([path, name]) => [path, name] as const),
  ] as const)('every member of %s %s has a description', ([path, name]) => {
    const members = source.membersOf(path, name);
    expect(members.length).toBeGreaterThan(0);
    expect(members.filter(({ text }) => text === '').map((member) => member.name)).toEqual([]);
  });

  test('every export of fixtures/test.ts has a description', () => {
    const exported = source.exportsOf('fixtures/test.ts');
    expect(exported.map(({ name }) => name)).toContain('test');
    expect(exported.filter(({ text }) => text === '').map(({ name }) => name)).toEqual([]);
  });

  test('every tag completes the sentence "this spec needs …"', () => {
    const NOUN = /^(?:a|an|the|upstream’s own|guests|sandboxes|faults) /;
    expect(Object.values(CAPABILITIES).filter((text) => !NOUN.test(text))).toEqual([]);
  });
});

test.for([
  ['Returns an id. More.', 'Returns an id.'],
  ['Runs `ctr`, as in fixtures/test.ts: `a: b`. More', 'Runs `ctr`, as in fixtures/test.ts.'],
  ['A guest', 'A guest.'],
])('firstSentence of %j is %j', ([text = '', sentence]) => {
  expect(firstSentence(text)).toBe(sentence);
});
