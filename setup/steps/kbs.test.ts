import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../helpers/temporary-directory.ts';
import type { StepContext } from '../step.ts';
import { customKbs } from './kbs.ts';

/** Starts the step of a program that runs a line of a shell. */
async function provided(line: string): Promise<unknown> {
  return inTemporaryDirectory(join(tmpdir(), 'kata-cc-kbs-'), async (directory) => {
    const program = join(directory, 'kbs');
    await writeFile(program, `#!/bin/sh\n${line}\n`, { mode: 0o755 });
    const context = { config: { kbs: program }, signal: AbortSignal.timeout(10_000) };
    const result: unknown = await Promise.resolve(customKbs.start(context as StepContext)).catch(
      ({ message }: Error) => message,
    );
    return String(result).replaceAll(directory, '');
  });
}

test('KATA_KBS takes a program that welcomes to a KBS', async () => {
  expect(await provided("echo 'Welcome to Confidential Containers Key Broker Service!'; echo 'kbs 0.2.0'")).toBe(
    '/kbs',
  );
});

test('KATA_KBS of another program is rejected with one line that quotes its output', async () => {
  expect(await provided('echo hello')).toBe('KATA_KBS=/kbs: it is no KBS of trustee: --version prints "hello"');
});

test('KATA_KBS of a program that fails is rejected with one line', async () => {
  expect(await provided('exit 3')).toMatch(/^KATA_KBS=\/kbs: --version failed: [^\n]*exited with 3/);
});
