import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { cdh } from './cdh.ts';
import { guestComponents } from './guest-components.ts';

const printing = (line: string): string => `#!/bin/sh\necho '${line}'\n`;
const AGENT = printing('attestation-agent v0.21.0-304c21f2');
const SERVER = printing('api-server-rest Guest Components Version: v0.21.0-82-g304c21f2');

/** Makes the artefact of a step with the user's programs, by name, and reads it. */
async function made(
  step: ArtefactStep<unknown>,
  programs: Readonly<Record<string, string>>,
  config: (directory: string) => object,
): Promise<unknown> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-components-'), async (directory) => {
    const [given, artefact] = ['given', 'artefact'].map((name) => join(directory, name)) as [string, string];
    for (const created of [given, artefact]) await mkdir(created);
    for (const [name, content] of Object.entries(programs)) {
      await writeFile(join(given, name), content, { mode: 0o755 });
    }
    const context = { config: config(given), signal: AbortSignal.timeout(10_000) };
    const result: unknown = await step
      .make(artefact, context as StepContext)
      .then(() => step.read(artefact))
      .catch(({ message }: Error) => message);
    return JSON.parse(JSON.stringify(result).replaceAll(directory, ''));
  });
}

const components = (programs: Readonly<Record<string, string>>): Promise<unknown> =>
  made(guestComponents, programs, (directory) => ({ guestComponents: directory }));

test('KATA_GUEST_COMPONENTS takes a directory with both programs, with their versions', async () => {
  expect(await components({ 'attestation-agent': AGENT, 'api-server-rest': SERVER })).toEqual([
    { name: 'attestation-agent', version: 'v0.21.0-304c21f2', path: '/artefact/attestation-agent' },
    { name: 'api-server-rest', version: 'v0.21.0-82-g304c21f2', path: '/artefact/api-server-rest' },
  ]);
});

test.for([
  [
    'another program in place of one',
    { 'attestation-agent': AGENT, 'api-server-rest': AGENT },
    'api-server-rest: it is not the api-server-rest of guest-components: --version prints "attestation-agent v0.21.0-304c21f2"',
  ],
  [
    'a program that prints nothing',
    { 'attestation-agent': '#!/bin/sh\n', 'api-server-rest': SERVER },
    'attestation-agent: it is not the attestation-agent of guest-components: --version prints nothing',
  ],
  [
    'a text file',
    { 'attestation-agent': AGENT, 'api-server-rest': 'text' },
    'api-server-rest: it is neither an ELF program nor a script',
  ],
] as const)('KATA_GUEST_COMPONENTS with %s is rejected with one line', async ([, programs, problem]) => {
  expect(await components(programs)).toBe(`KATA_GUEST_COMPONENTS=/given: ${problem}`);
});

const ownCdh = (content: string): Promise<unknown> =>
  made(cdh, { 'ttrpc-cdh': content }, (directory) => ({ cdh: join(directory, 'ttrpc-cdh') }));

test('KATA_CDH takes a CDH with its version, and an early one that has no --version', async () => {
  expect(await ownCdh(printing('confidential-data-hub v0.21.0-304c21f2'))).toEqual({
    name: 'confidential-data-hub',
    version: 'v0.21.0-304c21f2',
    path: '/artefact/confidential-data-hub',
  });
  expect(await ownCdh('#!/bin/sh\nexit 2\n')).toEqual({
    name: 'confidential-data-hub',
    path: '/artefact/confidential-data-hub',
  });
});

test.for([
  [
    'another program',
    printing('hello'),
    /^KATA_CDH=\/given\/ttrpc-cdh: it is not a confidential-data-hub: --version prints "hello"$/,
  ],
  [
    'a program that fails',
    '#!/bin/sh\nexit 3\n',
    /^KATA_CDH=\/given\/ttrpc-cdh: --version failed: [^\n]*exited with 3/,
  ],
] as const)('KATA_CDH of %s is rejected with one line', async ([, content, problem]) => {
  expect(await ownCdh(content)).toMatch(problem);
});
