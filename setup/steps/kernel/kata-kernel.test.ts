import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TargetName } from '../../../helpers/contract/target.ts';
import { fileExists } from '../../../helpers/files.ts';
import { contextFor, repository, scratch, versionsYaml, writeTree } from '../source/upstream-builds.example.ts';
import { makeKataKernel } from './kata-kernel.ts';

/**
 * A script like upstream's build-kernel.sh: it takes the same options, unpacks the archive it finds, and respects its
 * whitelist of lost options.
 */
const SCRIPT = `#!/bin/bash
set -e
while getopts a:t:v:k: option; do case $option in v) version=$OPTARG ;; k) tree=$OPTARG ;; esac; done
shift $((OPTIND - 1))
here=$(dirname "$0")
case $1 in
setup)
  [ -f sha256sums.asc ] || { echo "curl: (6) Could not resolve host: cdn.kernel.org" >&2; exit 6; }
  sha256sum -c sha256sums.asc
  sha256sum -c "linux-$version.tar.xz.sha256"
  tar -xf "linux-$version.tar.xz"
  mv "linux-$version" "$tree"
  cd "$tree"
  bash "$here/../scripts/apply_patches.sh" "$here/patches/\${version%.*}.x"
  cat "$here"/configs/fragments/x86_64/*.conf > .config
  grep -q CONFIG_OLD "$here/configs/fragments/whitelist.conf" || {
    echo "Value requested for CONFIG_OLD not in final .config"
    echo "ERROR: Failed to construct requested .config file" >&2
    exit 1
  }
  ;;
build)
  for n in $(seq 250); do echo "  CC $n.o"; done
  mkdir -p "$tree/include/config"
  echo "$version-kata" > "$tree/include/config/kernel.release"
  ;;
install)
  share=$DESTDIR$PREFIX/share/kata-containers
  install -D "$tree/.config" "$share/config-$version"
  echo ELF > "$share/vmlinux-$version-88"
  ln -s "vmlinux-$version-88" "$share/vmlinux.container"
  ;;
esac
`;

async function build(
  names: string,
  target: TargetName,
  { given = true }: { readonly given?: boolean } = {},
): Promise<{
  readonly directory: string;
  readonly kernel: Awaited<ReturnType<typeof makeKataKernel>>;
  readonly said: string[];
}> {
  const place = await scratch();
  const linux = join(place, 'linux');
  await writeTree(linux, { Makefile: 'VERSION = 6\nPATCHLEVEL = 1\nSUBLEVEL = 176\n', '.git/HEAD': 'nothing' });
  await repository(join(place, 'kata'), 'main', {
    'versions.yaml': versionsYaml(names, { url: 'https://git.example/qemu', version: 'v6.1.0' }),
    'tools/packaging/kernel/build-kernel.sh': SCRIPT,
    'tools/packaging/kernel/patches/5.10.x/no_patches.txt': '',
    'tools/packaging/kernel/configs/fragments/whitelist.conf': '# may be gone\n',
    'tools/packaging/kernel/configs/fragments/x86_64/base.conf': 'CONFIG_BASE=y\nCONFIG_OLD=y\n',
    'tools/packaging/scripts/apply_patches.sh': '#!/bin/bash\n[ -d "$1" ] || { echo "no directory $1"; exit 1; }\n',
  });
  const directory = join(place, 'artefact');
  await mkdir(directory);
  const environment = { KATA_KERNEL: 'source', ...(given ? { KATA_KERNEL_SOURCE: linux } : {}) };
  const { context, said } = await contextFor(place, target, environment);
  const { kernelBuild } = context.config;
  if (kernelBuild === undefined) throw new Error('KATA_KERNEL=source was not resolved');
  return { directory, kernel: await makeKataKernel(directory, kernelBuild, context), said };
}

test('a custom kernel is built by upstream’s script with the fewest changes, which are reported', async () => {
  const { directory, kernel, said } = await build('5.10.25', 'kata');
  expect(kernel).toMatchObject({
    release: '6.1.176-kata',
    image: 'root/usr/share/kata-containers/vmlinux-6.1.176-88',
    source: 'Kata',
    changes: [
      expect.stringMatching(/^Linux 6\.1\.176 from .*\/linux$/),
      "Kata's versions.yaml names Linux 5.10.25",
      'Kata has no patches for 6.1.x',
      'without CONFIG_OLD, which Linux 6.1.176 does not have',
    ],
  });
  const tree = join(directory, kernel.tree);
  expect(await readFile(join(tree, 'usr/share/kata-containers/config-6.1.176'), 'utf8')).not.toContain('EROFS');
  expect(said).toContain('compiling: 200 steps');
  for (const temporary of ['work', 'checkout']) expect(await fileExists(join(directory, temporary))).toBe(false);
});

test('target vm adds its options to upstream’s kernel configuration, and reports them', async () => {
  const { directory, kernel } = await build('5.10.25', 'vm');
  const config = await readFile(join(directory, 'root/usr/share/kata-containers/config-6.1.176'), 'utf8');
  for (const option of ['CONFIG_EROFS_FS=y', 'CONFIG_DM_INIT=y']) expect(config).toContain(option);
  expect(kernel.changes).toContainEqual(expect.stringMatching(/^with .*CONFIG_EROFS_FS=y.* for target vm$/));
});

test("the build of the kernel that versions.yaml names fails if upstream's patches are missing", async () => {
  await expect(build('6.1.176', 'kata')).rejects.toThrow(/build-kernel\.sh setup failed.*\n.*no directory .*6\.1\.x/s);
});

test('the error of a kernel that cannot be fetched names KATA_KERNEL_SOURCE', async () => {
  await expect(build('5.10.25', 'kata', { given: false })).rejects.toThrow(
    /^Linux 5\.10\.25 cannot be fetched; set KATA_KERNEL_SOURCE to a local kernel source\. build-kernel\.sh setup failed/,
  );
});
