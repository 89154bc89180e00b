import { HarnessError } from '../errors.ts';

/** Numbers of a processor's system calls, and the kernel's name of its ABI. */
interface Architecture {
  /** AUDIT_ARCH_* of linux/audit.h. */
  readonly audit: number;
  readonly socket: number;
  /** System calls that are denied altogether. */
  readonly denied: readonly number[];
}

/** Number of io_uring_setup on all architectures. */
const IO_URING_SETUP = 425;

/**
 * Architectures by Node.js' name. Denied are add_key, request_key, keyctl, and io_uring_setup, by which a process could
 * make sockets that no filter sees. Sources: asm/unistd_64.h, asm-generic/unistd.h, linux/audit.h.
 */
const ARCHITECTURES: Readonly<Record<string, Architecture>> = {
  x64: { audit: 0xc000_003e, socket: 41, denied: [248, 249, 250, IO_URING_SETUP] },
  arm64: { audit: 0xc000_00b7, socket: 198, denied: [217, 218, 219, IO_URING_SETUP] },
};

/** System calls of the x32 ABI have this bit; no distribution uses them. Source: seccomp(2). */
const X32 = 0x4000_0000;

/** AF_VSOCK of sys/socket.h: network namespaces do not contain its addresses. */
const AF_VSOCK = 40;

/** Instructions of classic BPF, and results of a filter. Sources: linux/bpf_common.h, linux/seccomp.h. */
const LOAD = 0x20;
const JUMP_IF_EQUAL = 0x15;
const JUMP_IF_AT_LEAST = 0x35;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const EACCES = 0x0005_0000 + 13;

/** Offsets in struct seccomp_data; the first argument's lower half on little-endian processors. */
const NUMBER = 0;
const ARCHITECTURE = 4;
const FIRST_ARGUMENT = 16;

type Instruction = readonly [code: number, value: number, ifTrue: number, ifFalse: number];

/**
 * A seccomp filter, as `bwrap --seccomp` reads it, for what no namespace separates: sockets to virtual machines and to
 * the host (AF_VSOCK), and kernel keyrings, such as that of the session, which the command inherits. These calls, and all
 * of another ABI, fail with EACCES.
 */
export function systemCallFilter(architecture: string = process.arch): Uint8Array {
  const known = ARCHITECTURES[architecture];
  if (known === undefined) {
    throw new HarnessError(
      'build',
      `builds can be isolated on x64 and arm64, not on ${architecture}; KATA_BUILD_ISOLATION=no turns isolation off`,
    );
  }
  const { audit, denied, socket } = known;
  const numbers = denied.length;
  const program: Instruction[] = [
    [LOAD, ARCHITECTURE, 0, 0],
    [JUMP_IF_EQUAL, audit, 0, numbers + 5],
    [LOAD, NUMBER, 0, 0],
    [JUMP_IF_AT_LEAST, X32, numbers + 3, 0],
    ...denied.map((number, index): Instruction => [JUMP_IF_EQUAL, number, numbers - index + 2, 0]),
    [JUMP_IF_EQUAL, socket, 0, 3],
    [LOAD, FIRST_ARGUMENT, 0, 0],
    [JUMP_IF_EQUAL, AF_VSOCK, 0, 1],
    [RETURN, EACCES, 0, 0],
    [RETURN, ALLOW, 0, 0],
  ];
  return encoded(program);
}

/** The instructions as an array of struct sock_filter. Source: linux/filter.h. */
function encoded(program: readonly Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(8 * program.length);
  for (const [index, [code, value, ifTrue, ifFalse]] of program.entries()) {
    bytes.writeUInt16LE(code, 8 * index);
    bytes.writeUInt8(ifTrue, 8 * index + 2);
    bytes.writeUInt8(ifFalse, 8 * index + 3);
    bytes.writeUInt32LE(value, 8 * index + 4);
  }
  return bytes;
}
