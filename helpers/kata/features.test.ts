import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../temporary-directory.ts';
import { agentFeatures, listedFeatures } from './features.ts';

test.for([
  [
    'kata-agent version 4.1.0 (api version: 0.0.1, type: rust, extra-features: ["agent-policy", "seccomp"])',
    ['agent-policy', 'seccomp'],
  ],
  ['kata-agent version 4.1.0 (api version: 0.0.1, type: rust, extra-features: [])', []],
  ['kata-agent version 2.3.0-rc0 (api version: 0.0.1, type: rust)', []],
] as const)('listedFeatures reads the features in %s', ([line, features]) => {
  expect(listedFeatures(line)).toEqual(features);
});

test.for([
  ['\0Initdata find potential device: ``\0', ['agent-policy', 'init-data']],
  ['\0Initdata is disabled\0', ['agent-policy']],
  ['\0syscall name is required\0', ['agent-policy', 'seccomp']],
] as const)('agentFeatures recognises a feature by a text in the program: %j', async ([program, features]) => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-features-'), async (directory) => {
    const path = join(directory, 'kata-agent');
    await writeFile(path, program);
    expect(await agentFeatures('extra-features: ["agent-policy"]', path)).toEqual(features);
  });
});
