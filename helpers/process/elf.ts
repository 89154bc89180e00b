/** Node.js's architecture names by ELF machine number. Source: elf(5), e_machine. */
const MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  22: 's390x',
  21: 'ppc64',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
};

/** Number of bytes at the beginning of a file that {@link whyNoProgram} needs. */
export const HEADER_BYTES = 20;

/**
 * Why a file with this beginning cannot run on an architecture (`process.arch`); `undefined` if no reason is found. A
 * file that is neither a script nor an ELF program counts as not runnable, although a shell would run it as a script.
 */
export function whyNoProgram(header: Buffer, arch: string): string | undefined {
  if (header.toString('latin1', 0, 2) === '#!') return undefined;
  if (header.toString('latin1', 0, 4) !== '\x7fELF') return 'it is neither an ELF program nor a script';
  if (header.length < HEADER_BYTES) return 'it is a truncated ELF program';
  const machine = header[5] === 2 ? header.readUInt16BE(18) : header.readUInt16LE(18);
  if (machine === 0) return 'it is a truncated ELF program';
  const name = MACHINES[machine] ?? `ELF machine ${machine}`;
  return name === arch ? undefined : `it is a program for ${name}, and this machine is ${arch}`;
}
