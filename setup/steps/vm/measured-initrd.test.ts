import { expect, test } from 'vitest';
import { librariesOf } from './measured-initrd.ts';

test('librariesOf returns the files that ldd prints, the interpreter among them', () => {
  const output = `\tlinux-vdso.so.1 (0x00007f0c55591000)
\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f0c55304000)
\t/lib64/ld-linux-x86-64.so.2 (0x00007f0c55593000)
`;
  expect(librariesOf(output)).toEqual(['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2']);
});
