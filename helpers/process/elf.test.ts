import { open } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { HEADER_BYTES, whyNoProgram } from './elf.ts';

const elf = (machine: number, bigEndian = false): Buffer => {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('\x7fELF', 'latin1');
  header[5] = bigEndian ? 2 : 1;
  if (bigEndian) header.writeUInt16BE(machine, 18);
  else header.writeUInt16LE(machine, 18);
  return header;
};

test.for<[what: string, header: Buffer, why: string | undefined]>([
  ['a script', Buffer.from('#!/bin/sh\n'), undefined],
  ['a program for this processor', elf(62), undefined],
  ['a program for another processor', elf(183), 'it is a program for arm64, and this machine is x64'],
  ['a big-endian program', elf(22, true), 'it is a program for s390x, and this machine is x64'],
  ['a program for an unnamed ELF machine', elf(243), 'it is a program for ELF machine 243, and this machine is x64'],
  ['a truncated program', elf(62).subarray(0, 10), 'it is a truncated ELF program'],
  ['text', Buffer.from('kata-agent'), 'it is neither an ELF program nor a script'],
  ['an empty file', Buffer.alloc(0), 'it is neither an ELF program nor a script'],
])('whyNoProgram recognises %s by the beginning of the file', ([, header, why]) => {
  expect(whyNoProgram(header, 'x64')).toBe(why);
});

test('whyNoProgram returns undefined for the Node.js binary of this process, which this machine can run', async () => {
  await using file = await open(process.execPath);
  const { buffer } = await file.read(Buffer.alloc(HEADER_BYTES));
  expect(whyNoProgram(buffer, process.arch)).toBeUndefined();
});
