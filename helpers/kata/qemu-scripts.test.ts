import { expect, test } from 'vitest';
import { ninjaProgress, rejectedOption, relocated, submodulesOf, withOption, withoutOption } from './qemu-scripts.ts';

test.for([
  ['ERROR: unknown option --disable-vnc-png\nTry configure --help', '--disable-vnc-png'],
  [
    '../meson.build:2766:2: ERROR: Problem encountered: fdt not available but required by targets x86_64-softmmu',
    '--disable-fdt',
  ],
  ['ERROR: Cannot find Ninja', undefined],
])('rejectedOption reads from "%s" the option %s', ([said = '', option]) => expect(rejectedOption(said)).toBe(option));

test('withoutOption replaces an option of configure-hypervisor.sh by a no-op command', () => {
  const script = `	qemu_options+=(size:--disable-vnc)
	qemu_options+=(size:--disable-vnc-png)
	[ "$arch" == x86_64 ] && qemu_options+=(size:--disable-fdt)
	x86_64) qemu_options+=(size,speed:"--disable-tcg") ;;
`;
  expect(withoutOption(script, '--disable-vnc-png')).toBe(script.replace(/qemu_options.*png\)/, ':'));
  expect(withoutOption(script, '--disable-fdt')).toContain('&& :\n');
  expect(withoutOption(script, '--disable-tcg')).toContain('x86_64) : ;;');
  expect(withoutOption(script, '--disable-spice')).toBeUndefined();
});

test('withOption adds an option after --disable-docs, and rejects a configure-hypervisor.sh without it', () => {
  const script = `	qemu_options+=(size:--disable-brlapi)\n	qemu_options+=(minimal:--disable-docs)\n	# more\n`;
  expect(withOption(script, '--disable-gio')).toBe(
    script.replace('docs)\n', 'docs)\n\tqemu_options+=(misc:--disable-gio)\n'),
  );
  expect(() => withOption('', '--disable-gio')).toThrow('configure-hypervisor.sh has no --disable-docs');
});

test('relocated replaces the paths of upstream’s build container in build-qemu.sh', () => {
  const script = `dir="/root/kata-containers/tools/packaging"\nmv "\${QEMU_DESTDIR}/\${QEMU_TARBALL}" /share/\n`;
  expect(relocated(script, { checkout: '/kata', out: '/out' })).toBe(
    `dir="/kata/tools/packaging"\nmv "\${QEMU_DESTDIR}/\${QEMU_TARBALL}" /out/\n`,
  );
});

test('submodulesOf selects the submodules that a build needs, with the commit in the tree', () => {
  const commit = 'a'.repeat(40);
  const listed = `100644 blob ${commit}\tMakefile\n160000 commit ${commit}\tui/keycodemapdb\n160000 commit ${commit}\troms/edk2\n`;
  const gitmodules = `[submodule "roms/edk2"]
	path = roms/edk2
	url = https://git.example/edk2.git
[submodule "ui/keycodemapdb"]
	path = ui/keycodemapdb
	url = https://git.example/keycodemapdb.git
`;
  expect(submodulesOf(listed, gitmodules)).toEqual([
    { path: 'ui/keycodemapdb', url: 'https://git.example/keycodemapdb.git', commit },
  ]);
  expect(submodulesOf(listed, '')).toEqual([]);
});

test('ninjaProgress reads done and total from ninja’s output', () => {
  expect(ninjaProgress('[490/1936] Compiling C object x.o')).toEqual({ done: 490, of: 1936 });
  expect(ninjaProgress('  CC      x.o')).toBeUndefined();
});
