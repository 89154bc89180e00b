import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SHIMS_FILE } from '../../../helpers/kata/default-runtime.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { loadConfig } from '../../config/config.ts';
import { withTarget } from '../../config/validated.ts';
import { repository } from '../../steps/source/upstream-builds.example.ts';
import { runtimeFinding } from './runtime-finding.ts';

test('the doctor says which runtime a checkout has, and why it does not have the wanted one', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-finding-'), async (directory) => {
    const kata = await repository(join(directory, 'kata'), 'main-tag', {
      [SHIMS_FILE]: 'defaultShim: {amd64: qemu}\n',
    });
    const found = async (settings: Record<string, string>): Promise<string[]> => {
      const config = loadConfig({ katacontainers_repo: kata, katacontainers_branch: 'main-tag', ...settings });
      const { checks } = await runtimeFinding(withTarget('kata', config));
      return checks.map(({ problem, what }) => problem ?? what);
    };
    expect(await found({ KATA_RUNTIME: 'auto' })).toEqual([
      expect.stringMatching(/^runtime go: the default of .* by defaultShim in /),
    ]);
    expect(await found({ KATA_RUNTIME: 'rs' })).toEqual([
      expect.stringMatching(/^KATA_RUNTIME=rs: .* has no runtime-rs/),
    ]);
    expect(
      await found({ KATA_RUNTIME: 'rs', katacontainers_repo: 'github.com/kata-containers/kata-containers' }),
    ).toEqual([]);
  });
});

test('the doctor knows without a network that the default Kata has the runtime in Go', async () => {
  expect(await runtimeFinding(withTarget('kata', loadConfig({})))).toEqual({ checks: [], runtime: 'go' });
  const main = loadConfig({ katacontainers_branch: 'main' });
  expect(await runtimeFinding(withTarget('kata', main))).toEqual({ checks: [] });
});
