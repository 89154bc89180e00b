import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, expect } from 'vitest';
import { type Finished, run } from '../../helpers/process/exec.ts';
import { projectPath } from '../project.ts';
import { rootfsEnvironment, TOOLS } from './environment.ts';

const test = base.extend<{ place: string; call: (line: string, input?: string) => Promise<Finished> }>({
  place: async ({ task: _ }, use) => {
    const place = await mkdtemp(join(tmpdir(), 'osbuilder-'));
    for (const name of TOOLS) await copyFile(projectPath('setup/osbuilder/tool.sh'), join(place, name));
    await mkdir(join(place, 'root'));
    await writeFile(
      join(place, 'multistrap.conf'),
      '[General]\ncleanup=true\n[Ubuntu]\nsuite=focal\npackages=init dbus\n',
    );
    await use(place);
    await rm(place, { recursive: true });
  },
  call: async ({ place }, use) => {
    const { EXTRA_PKGS: _extra, ...env } = rootfsEnvironment({
      ...{ bin: place, codename: 'bookworm', sources: 'sources.list', mmdebstrap: '/bin/echo', network: {} },
      generation: 'skopeo',
    });
    const call = (line: string, input = ''): Promise<Finished> =>
      run(['sh', '-c', line], { cwd: place, env: { ...env, EXTRA_PKGS: 'socat chrony' }, input, okCodes: [0, 1] });
    await use(call);
  },
});

test.for([
  ['debootstrap', 'debootstrap --variant=minbase --arch=amd64 --include="init,dbus" stretch root', 'init,dbus'],
  ['multistrap', 'multistrap -a amd64 -d root -f multistrap.conf', 'init dbus'],
  [
    'mmdebstrap',
    'mmdebstrap --mode auto --arch amd64 --variant required --components=main --include "init,dbus" noble root http://there',
    'init,dbus',
  ],
] as const)(
  "tool.sh called as %s unpacks upstream's packages from this machine's archives",
  async ([, line, packages], { call }) => {
    const { stdout } = await call(line);
    const fixed = '--quiet --mode=root --variant=minbase --format=directory';
    expect(stdout).toBe(`${fixed} --include=${packages} socat chrony bookworm root sources.list\n`);
  },
);

test('tool.sh called as debootstrap without packages fails', async ({ call }) => {
  expect(await call('debootstrap --variant=minbase stretch root')).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("osbuilder's debootstrap: no packages or no directory"),
  });
});

test('tool.sh called as yq answers queries for values that are only printed, and fails for others', async ({
  call,
}) => {
  expect(await call('yq -V')).toMatchObject({ stdout: 'yq version 4\n', exitCode: 0 });
  const rust = await call('yq e .languages.rust.meta.newest-version -', 'languages: {}');
  expect(rust).toMatchObject({ stdout: 'none\n', exitCode: 0 });
  const pause = await call('yq e .externals.pause.repo -', 'externals: {}');
  expect(pause).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('unsupported arguments: e .externals.pause.repo'),
  });
});

test('rootfsEnvironment adds skopeo and umoci only for an agent that runs them', () => {
  const wanted = { bin: '/bin', codename: 'noble', sources: '/s', mmdebstrap: '/m', network: {} };
  const extra = (generation: 'skopeo' | 'image-rs'): string | undefined =>
    rootfsEnvironment({ ...wanted, generation })['EXTRA_PKGS'];
  expect(extra('skopeo')).toMatch(/\bskopeo umoci gpg\b/);
  expect(extra('image-rs')).not.toMatch(/skopeo|umoci|gpg/);
});
