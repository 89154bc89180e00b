import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { loadConfig } from '../../config/config.ts';
import { missingPart, whyUnfit } from './bundle-fit.ts';
import { readBundle } from './kata-bundle.ts';

const AGENT = { kind: 'kata-agent', version: '4.1.0', generation: 'guest-pull', features: [] };

test('a bundle does not fit settings of what it does not have', async () => {
  await inTemporaryDirectory(join(tmpdir(), 'kata-cc-bundle-'), async (directory) => {
    const description = { agent: AGENT, runtime: 'rs', cdh: true, guestEtc: 'x' };
    await writeFile(join(directory, 'bundle.json'), JSON.stringify(description));
    const bundle = await readBundle(directory);
    const unfit = (settings: Record<string, string>): string | undefined =>
      whyUnfit(bundle, loadConfig({ KATA_BUNDLE: directory, ...settings }));
    expect(unfit({})).toBeUndefined();
    expect(unfit({ KATA_RUNTIME: 'rs' })).toBeUndefined();
    expect(unfit({ KATA_RUNTIME: 'go' })).toMatch(/^KATA_RUNTIME=go: the bundle has /);
    expect(unfit({ KATA_HYPERVISOR: 'clh' })).toBe('KATA_HYPERVISOR=clh: the bundle has QEMU');
    expect(unfit({ KATA_PULL: 'nydus' })).toBe('KATA_PULL=nydus: the bundle has no nydus-snapshotter');
    expect(unfit({ KATA_QEMU: 'source' })).toBe('KATA_QEMU=source: the bundle has no QEMU');
    expect(await missingPart(bundle)).toBe('root');
    await mkdir(bundle.root);
    expect(await missingPart(bundle)).toBe('kata-agent');
    await writeFile(bundle.agent.path, '');
    expect(await missingPart(bundle)).toBeUndefined();
  });
});
