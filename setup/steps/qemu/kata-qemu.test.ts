import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fileExists } from '../../../helpers/files.ts';
import { run } from '../../../helpers/process/exec.ts';
import { contextFor, repository, scratch, versionsYaml } from '../source/upstream-builds.example.ts';
import { kataQemu } from './kata-qemu.ts';

/**
 * Source of a QEMU whose configure rejects `--disable-old`, and whose program prints the options it was configured
 * with.
 */
const QEMU = {
  VERSION: '7.2.0\n',
  configure: `#!/bin/sh
for option; do [ "$option" != --disable-old ] || { echo "ERROR: unknown option $option"; exit 1; }; done
mkdir build
printf '#!/bin/sh\\necho "QEMU of %s"\\n' "$*" > build/qemu
printf 'all:\\n\\t@for n in 1 100 101 200; do echo "[$$n/200] x.o"; done\\n' > Makefile
printf 'install:\\n\\tinstall -D build/qemu $(DESTDIR)/opt/kata/bin/qemu-system-x86_64\\n' >> Makefile
`,
};

const OPTIONS = `#!/bin/bash
qemu_options=()
qemu_options+=(size:--disable-old)
qemu_options+=(minimal:--disable-docs)
for option in "\${qemu_options[@]}"; do echo -n "\${option#*:} "; done
`;
const PATCH = '#!/bin/sh\ncd "$2" && ls -d 7.2.x "tag_patches/$1"\n';
const FINISH = '#!/bin/sh\ncd "$QEMU_DESTDIR" && tar -czf "$QEMU_TARBALL" *\n';
const PACKAGING = '/root/kata-containers/tools/packaging';
const BUILD = `#!/bin/bash
set -e
git clone --quiet "$QEMU_REPO" qemu
cd qemu
git fetch --quiet --depth=1 origin "$QEMU_VERSION_NUM"
${PACKAGING}/scripts/patch_qemu.sh "$QEMU_VERSION_NUM" ${PACKAGING}/qemu/patches
${PACKAGING}/scripts/configure-hypervisor.sh -s "$HYPERVISOR_NAME" | xargs ./configure --with-pkgversion="$PKGVERSION"
make
make install DESTDIR="$QEMU_DESTDIR"
${PACKAGING}/static-build/scripts/qemu-build-post.sh
mv "\${QEMU_DESTDIR}/\${QEMU_TARBALL}" /share/
`;

async function build(
  scripts: Readonly<Record<string, string>>,
  named: string,
): Promise<{ readonly directory: string; readonly said: string[] }> {
  const place = await scratch();
  const qemu = await repository(join(place, 'qemu'), 'v7.2.0', QEMU);
  await repository(join(place, 'kata'), 'main', {
    'versions.yaml': versionsYaml('5.10.25', { url: 'https://git.example/qemu', version: named }),
    'tools/packaging/qemu/patches/6.1.x/no_patches.txt': '',
    'tools/packaging/scripts/configure-hypervisor.sh': OPTIONS,
    'tools/packaging/scripts/patch_qemu.sh': PATCH,
    'tools/packaging/static-build/scripts/qemu-build-post.sh': FINISH,
    ...scripts,
  });
  const directory = join(place, 'artefact');
  await mkdir(directory);
  const environment = { KATA_QEMU: 'source', KATA_QEMU_REPO: qemu, KATA_QEMU_VERSION: 'v7.2.0' };
  const { context, said } = await contextFor(place, 'kata', environment);
  await kataQemu.make(directory, context);
  return { directory, said };
}

test.for<[string, Readonly<Record<string, string>>]>([
  ['step by step if upstream has a Dockerfile', {}],
  ['by upstream’s build-qemu.sh', { 'tools/packaging/static-build/qemu/build-qemu.sh': BUILD }],
])('a custom QEMU is built %s, with the fewest changes, which are reported', async ([_how, scripts]) => {
  const { directory, said } = await build(scripts, 'v6.1.0');
  expect(await kataQemu.read(directory)).toMatchObject({
    // The options for features that this machine cannot link statically come last.
    version: expect.stringMatching(
      /^QEMU of --with-pkgversion=kata-static --disable-docs( --disable-(gio|gnutls|libpmem|libudev))*$/,
    ),
    source: 'Kata',
    changes: expect.arrayContaining([
      expect.stringMatching(/^QEMU v7\.2\.0 from .*\/qemu$/),
      "Kata's versions.yaml names another QEMU than v7.2.0",
      'Kata has no patches for 7.2.x',
      'Kata has no patches for tag_patches/v7.2.0',
      'without --disable-old, which QEMU v7.2.0 does not have',
    ]),
  });
  expect(said.filter((line) => line.startsWith('compiling'))).toEqual([
    'compiling: 100 of 200 steps',
    'compiling: 200 of 200 steps',
  ]);
  const { stdout } = await run(['find', '.', '-type', 'f'], { cwd: directory });
  expect(stdout.split('\n').filter(Boolean).sort()).toEqual(['./qemu.json', './root/opt/kata/bin/qemu-system-x86_64']);
});

test("the build of the QEMU that versions.yaml names fails if upstream's patches are missing", async () => {
  await expect(build({}, 'v7.2.0')).rejects.toThrow(/patch_qemu\.sh failed, its log is .*kata-qemu\.log/);
});

test('KATA_QEMU=distro builds no QEMU', async () => {
  const place = await scratch();
  await repository(join(place, 'kata'), 'main', { file: '' });
  const { context } = await contextFor(place, 'kata', {});
  await kataQemu.make(place, context);
  expect(await kataQemu.read(place)).toBeUndefined();
  expect(await fileExists(join(place, 'root'))).toBe(false);
});
