import { globSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CAPABILITIES, type Capability } from '../../../helpers/contract/target.ts';
import { projectPath } from '../../project.ts';
import { themesIn } from './fixtures.ts';
import { forgottenTags, type TagsByName } from './forgotten-tags.ts';
import { openSource } from './source.ts';
import { testsIn } from './spec-uses.ts';

const source = openSource();
afterAll(() => source[Symbol.dispose]());

const described = [...themesIn(source).flatMap(({ fixtures }) => fixtures), ...source.exportsOf('fixtures/test.ts')];
const needed: TagsByName = new Map(
  described.map(({ name, tags }) => [name, (tags['tag'] ?? '').split(' ').filter(Boolean) as Capability[]]),
);

const SPECS = globSync('suites/**/*.spec.ts', { cwd: projectPath('.') });
const specs = SPECS.map((path) => [path, testsIn(path, readFileSync(projectPath(path), 'utf8'))] as const);

describe('tags of the specs', () => {
  test('testsIn finds tests in every spec file, with tags and fixtures', () => {
    expect(specs.filter(([, tests]) => tests.length === 0).map(([path]) => path)).toEqual([]);
    const all = specs.flatMap(([, tests]) => tests);
    expect(all.length).toBeGreaterThan(200);
    expect(all.filter(({ title }) => title === '')).toEqual([]);
    expect(all.filter(({ uses }) => uses.includes('pull')).length).toBeGreaterThan(40);
  });

  test('every @tag of a fixture or an export of fixtures/test.ts is a capability', () => {
    const tags = [...needed.values()].flat();
    expect(tags.length).toBeGreaterThan(20);
    expect(tags.filter((tag) => !(tag in CAPABILITIES))).toEqual([]);
  });

  test.for(specs)('every test in %s has the tags of the fixtures that it uses', ([, tests]) => {
    expect(forgottenTags(tests, needed)).toEqual([]);
  });
});

describe('forgottenTags', () => {
  const spec = (body: string): string[] =>
    forgottenTags(
      testsIn(
        'a.spec.ts',
        `import { test as base, createContainer, describe } from '../../fixtures/test.ts';\n${body}`,
      ),
      needed,
    );

  test.for([
    ['without tags', "base('t', async ({ guest, pull }) => {});", 'pull', 'guest-pull-skopeo'],
    [
      'with another tag',
      "base('t', { tags: ['unsigned-images'] }, async ({ guest, pull }) => {});",
      'pull',
      'guest-pull-skopeo',
    ],
    [
      'beside a group with the tag',
      "describe('g', { tags: ['containers'] }, () => {});\nbase('t', ({ running }) => {});",
      'running',
      'containers',
    ],
    ['of test.for', "base.for([1])('t', async (row, { pull }) => {});", 'pull', 'guest-pull-skopeo'],
    [
      'whose group has a hook with the fixture',
      "describe('g', () => { base('t', () => {}); base.beforeEach(({ running }) => {}); });",
      'running',
      'containers',
    ],
    [
      'that uses a fixture of its file',
      "const test = base.extend('mine', ({ pull }) => pull);\ntest('t', ({ mine }) => {});",
      'pull',
      'guest-pull-skopeo',
    ],
    [
      'that calls an exported function',
      "base('t', async ({ guest }) => { await createContainer(guest, 'id'); });",
      'createContainer',
      'containers',
    ],
    [
      'with one of two tags',
      "base('t', { tags: ['guest-pull-skopeo'] }, ({ pullByShim }) => {});",
      'pullByShim',
      'kata-shim',
    ],
  ])('a test %s is reported with its fixture and the missing tag', ([, body = '', name, tag]) => {
    expect(spec(body)).toEqual([`"t" uses ${name}, which needs the tag ${tag}`]);
  });

  test.for([
    ['with the tag', "base('t', { tags: ['guest-pull-skopeo'] }, ({ pull }) => {});"],
    ['in a group with the tag', "describe('g', { tags: ['containers'] }, () => { base('t', ({ running }) => {}); });"],
    [
      'whose tags are a constant and literals',
      "const tags = ['cri'] as const;\nbase('t', { tags: [...tags, 'kata-shim'] }, ({ startPod, host }) => {});",
    ],
    ['whose tag implies the missing one', "base('t', { tags: ['kata-shim'] }, ({ ctr }) => {});"],
    [
      'whose two tags together imply the missing one',
      "base('t', { tags: ['guest-pull-skopeo', 'unsigned-images'] }, ({ running }) => {});",
    ],
  ])('a test %s is accepted', ([, body = '']) => {
    expect(spec(body)).toEqual([]);
  });

  test('a test whose tags no target has together is reported', () => {
    expect(spec("base('t', { tags: ['guest-pull-skopeo', 'main-rpc'] }, () => {});")).toEqual([
      '"t": no target has all of its tags, guest-pull-skopeo, main-rpc',
    ]);
  });

  test('tags that are computed are an error', () => {
    expect(() => spec("base('t', { tags: some() }, () => {});")).toThrow('the tags of "t" are not literals');
  });
});
