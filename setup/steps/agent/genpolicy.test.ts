import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { RULES, SETTINGS } from '../../../helpers/kata/genpolicy.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import type { StepContext } from '../../step.ts';
import { customGenpolicy } from './genpolicy.ts';

const VERSION = 'Kata Containers policy tool (Rust): id: genpolicy, version: 0.1.0, commit: 0123abc';

/** Starts the step of a program that prints a text, with genpolicy's settings in a directory below the program's parent. */
async function provided(text: string, settings: string | undefined): Promise<unknown> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-genpolicy-'), async (directory) => {
    const program = join(directory, 'bin/genpolicy');
    await mkdir(join(directory, 'bin'));
    await writeFile(program, `#!/bin/sh\n[ -e "$3" ] || exit 101\necho '${text}'\n`, { mode: 0o755 });
    if (settings !== undefined) {
      await mkdir(join(directory, settings), { recursive: true });
      for (const name of [SETTINGS, RULES]) await writeFile(join(directory, settings, name), '{}');
    }
    const context = { config: { genpolicy: program }, signal: AbortSignal.timeout(10_000) };
    const result: unknown = await Promise.resolve(customGenpolicy.start(context as StepContext)).catch(
      ({ message }: Error) => message,
    );
    return JSON.parse(JSON.stringify(result).replaceAll(directory, ''));
  });
}

test.for(['bin', 'share/defaults/kata-containers'])(
  'KATA_GENPOLICY takes a genpolicy with settings and rules in %s',
  async (settings) => {
    expect(await provided(VERSION, settings)).toEqual({ program: '/bin/genpolicy', defaults: `/${settings}` });
  },
);

test('KATA_GENPOLICY of a genpolicy without settings and rules is rejected with one line that names where they belong', async () => {
  expect(await provided(VERSION, undefined)).toBe(
    'KATA_GENPOLICY=/bin/genpolicy: neither /bin nor /share/defaults/kata-containers has genpolicy-settings.json and rules.rego; copy those of its source beside it',
  );
});

test('KATA_GENPOLICY of another program is rejected with one line that quotes its output', async () => {
  expect(await provided('hello', 'bin')).toBe(
    'KATA_GENPOLICY=/bin/genpolicy: it is no genpolicy: --version prints "hello"',
  );
});
