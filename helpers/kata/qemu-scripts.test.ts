import { expect, test } from 'vitest';
import { ninjaProgress, refusedOption, relocated, submodulesOf, withOption, withoutOption } from './qemu-scripts.ts';

test.for([
  ['ERROR: unknown option --disable-vnc-png\nTry configure --help', '--disable-vnc-png'],
  [
    '../meson.build:2766:2: ERROR: Problem encountered: fdt not available but required by targets x86_64-softmmu',
    '--disable-fdt',
  ],
  ['ERROR: Cannot find Ninja', undefined],
])('%s: without %s', ([said = '', option]) => expect(refusedOption(said)).toBe(option));

test('an option is taken out wherever configure-hypervisor.sh names it, and what is left is a script', () => {
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

test('an option is put where every generation of configure-hypervisor.sh has one that stays', () => {
  const script = `	qemu_options+=(size:--disable-brlapi)\n	qemu_options+=(minimal:--disable-docs)\n	# more\n`;
  expect(withOption(script, '--disable-gio')).toBe(
    script.replace('docs)\n', 'docs)\n\tqemu_options+=(misc:--disable-gio)\n'),
  );
  expect(() => withOption('', '--disable-gio')).toThrow('configure-hypervisor.sh has no --disable-docs');
});

test('paths of upstream’s container become ours', () => {
  const script = `dir="/root/kata-containers/tools/packaging"\nmv "\${QEMU_DESTDIR}/\${QEMU_TARBALL}" /share/\n`;
  expect(relocated(script, { checkout: '/kata', out: '/out' })).toBe(
    `dir="/kata/tools/packaging"\nmv "\${QEMU_DESTDIR}/\${QEMU_TARBALL}" /out/\n`,
  );
});

test('of the submodules those are fetched that a build needs, at the commit the tree names', () => {
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

test('ninja says how far it is', () => {
  expect(ninjaProgress('[490/1936] Compiling C object x.o')).toEqual({ done: 490, of: 1936 });
  expect(ninjaProgress('  CC      x.o')).toBeUndefined();
});
