import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { codeInputs } from './code-inputs.ts';
import { exampleProject } from './example-project.ts';

const project = exampleProject();
const { changed, write } = project;

describe("inputs of a step's code", () => {
  const inputs = (without: readonly string[] = []): ReturnType<typeof codeInputs> =>
    codeInputs(
      pathToFileURL(join(project.directory, 'setup/steps/made.ts')).href,
      { directory: project.directory, pathModule: 'setup/project.ts' },
      { without },
    );

  const FILES = {
    'package.json': '{ "dependencies": { "library": "1.0.0" } }',
    'setup/project.ts': 'export function projectPath(path: string): string { return path; }',
    'setup/steps/made.ts': `import { library } from 'library';
      import { helper, type Options } from '../../helpers/helper.ts';
      import { other, read } from './other.ts';
      import { projectPath } from '../project.ts';
      export const made = { module: import.meta.url, needs: [other], make: async (options: Options) => {
        const { late } = await import('../late.ts');
        return [helper(options), library(), late, read, projectPath('setup/guest/init.sh'), projectPath('setup/engine/provision.ts')];
      } };`,
    'setup/steps/other.ts': `export const other = { module: import.meta.url };
      export const read = 1;`,
    'setup/late.ts': 'export const late = 1;',
    'setup/guest/init.sh': '#!/bin/sh',
    'setup/engine/provision.ts': "import { deep } from '../deep.ts'; console.log(deep);",
    'setup/deep.ts': 'export const deep = 1;',
    'helpers/helper.ts': `import { deeper } from './deeper.ts';
      export interface Options { readonly one: string }
      export function helper(options: Options): string { return options.one + deeper; }
      export function unused(): void {}`,
    'helpers/deeper.ts': 'export const deeper = 1;',
  };
  beforeEach(async () => {
    for (const [path, text] of Object.entries(FILES)) await write(path, text);
  });

  test.for<[path: string, from: string, to: string, name: string]>([
    ['setup/steps/made.ts', 'options)', '{ ...options })', 'code'],
    ['helpers/deeper.ts', '1', '2', 'code'],
    ['setup/late.ts', '1', '2', 'code'],
    ['package.json', '1.0.0', '1.0.1', 'code'],
    ['setup/guest/init.sh', 'sh', 'bash', 'setup/guest/init.sh'],
    ['setup/deep.ts', '1', '2', 'setup/engine/provision.ts'],
  ])("a step's code inputs change with %s", async ([path, from, to, name]) => {
    const before = await inputs();
    const after = await changed(path, (text) => text.replace(from, to), inputs);
    expect(Object.keys(after).filter((key) => after[key] !== before[key])).toEqual([name]);
  });

  test.for<[what: string, path: string, from: string, to: string]>([
    ['a comment', 'helpers/deeper.ts', '', "// not projectPath('gone')\n"],
    ['a type', 'helpers/helper.ts', 'readonly one: string', 'readonly one: string; readonly two?: string'],
    ['an export nothing uses', 'helpers/helper.ts', 'unused(): void {}', 'unused(): void { console.log(1); }'],
    ['a step that counts by its own fingerprint', 'setup/steps/other.ts', 'read = 1', 'read = 2'],
  ])("a step's code inputs do not change with %s", async ([, path, from, to]) => {
    const before = await inputs();
    expect(await changed(path, (text) => text.replace(from, to), inputs)).toEqual(before);
  });

  test("a step's code inputs do not change with a module listed in `without`", async () => {
    const look = (): ReturnType<typeof inputs> => inputs(['setup/late.ts']);
    const before = await look();
    expect(await changed('setup/late.ts', (text) => text.replace('1', '2'), look)).toEqual(before);
  });

  test.for([
    "projectPath(name + '.sh')",
    "projectPath('setup/guest/' + name)",
    "readFileSync(new URL('./file', import.meta.url))",
    'join(import.meta.dirname, name)',
    "join(dirname(fileURLToPath(import.meta.url)), 'file')",
  ])("a step's code that names a file by %s is rejected", async (expression) => {
    await write(
      'helpers/deeper.ts',
      `import { projectPath } from '../setup/project.ts';
      export const deeper = (name: string) => ${expression};`,
    );
    await expect(inputs()).rejects.toThrow(
      /^setup\/steps\/made.ts or what it imports names a file in a way that does not make it an input: .*; name each by projectPath\('/,
    );
  });
});
