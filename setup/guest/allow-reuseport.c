/*
 * Lets setsockopt(SO_REUSEPORT) succeed for vsock and unix sockets, in the processes of a cgroup.
 *
 *   allow-reuseport [DIRECTORY]    directory of the cgroup, in a mounted cgroup2 file system; by default the root of cgroup2, mounted or not
 *
 * Linux 6.13 and later, and stable kernels such as 6.1.120, refuse the option for them ("net: restrict SO_REUSEPORT to
 * inet sockets"). An agent whose ttrpc crate insists on it ends before it listens. The kernel skips its own handler of an
 * option, and setsockopt succeeds, if a BPF program of the cgroup sets optlen to -1.
 *
 * Does nothing where the kernel accepts the option.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/mount.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MEMORY(class, size, to, from, field) \
  { .code = class | BPF_MEM | size, .dst_reg = to, .src_reg = from, .off = offsetof field }
#define SET(to, value) { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = to, .imm = value }
#define SKIP(count, condition, reg, value) \
  { .code = BPF_JMP | condition | BPF_K, .dst_reg = reg, .imm = value, .off = count }
#define EXIT { .code = BPF_JMP | BPF_EXIT }

/* Register 1 has the bpf_sockopt of the call. The program returns 1: the call is not rejected. */
static const struct bpf_insn program[] = {
    MEMORY(BPF_LDX, BPF_W, BPF_REG_2, BPF_REG_1, (struct bpf_sockopt, level)),
    SKIP(8, BPF_JNE, BPF_REG_2, SOL_SOCKET),
    MEMORY(BPF_LDX, BPF_W, BPF_REG_2, BPF_REG_1, (struct bpf_sockopt, optname)),
    SKIP(6, BPF_JNE, BPF_REG_2, SO_REUSEPORT),
    MEMORY(BPF_LDX, BPF_DW, BPF_REG_2, BPF_REG_1, (struct bpf_sockopt, sk)),
    MEMORY(BPF_LDX, BPF_W, BPF_REG_2, BPF_REG_2, (struct bpf_sock, family)),
    SKIP(3, BPF_JEQ, BPF_REG_2, AF_INET),
    SKIP(2, BPF_JEQ, BPF_REG_2, AF_INET6),
    SET(BPF_REG_2, -1),
    MEMORY(BPF_STX, BPF_W, BPF_REG_1, BPF_REG_2, (struct bpf_sockopt, optlen)),
    SET(BPF_REG_0, 1),
    EXIT,
};

static int fail(const char *what) {
  fprintf(stderr, "allow-reuseport: %s: %s\n", what, strerror(errno));
  return 1;
}

static int kernel_refuses(void) {
  int on = 1;
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  int refuses = setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 && errno == EOPNOTSUPP;
  close(fd);
  return refuses;
}

/* A descriptor of the root of cgroup2, from a mount without a place in the file system: the program stays attached when it ends. */
static int root_cgroup(void) {
  int fs = syscall(SYS_fsopen, "cgroup2", FSOPEN_CLOEXEC);
  if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) != 0) return -1;
  int mount = syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, 0);
  return mount < 0 ? -1 : openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int main(int argc, char **argv) {
  if (argc > 2) {
    fputs("usage: allow-reuseport [DIRECTORY]\n", stderr);
    return 2;
  }
  if (!kernel_refuses()) return 0;
  const char *name = argc == 2 ? argv[1] : "the root of cgroup2";
  int cgroup = argc == 2 ? open(argv[1], O_RDONLY | O_DIRECTORY) : root_cgroup();
  if (cgroup < 0) return fail(name);
  union bpf_attr load = {
      .prog_type = BPF_PROG_TYPE_CGROUP_SOCKOPT,
      .expected_attach_type = BPF_CGROUP_SETSOCKOPT,
      .insns = (uintptr_t)program,
      .insn_cnt = sizeof program / sizeof *program,
      .license = (uintptr_t)"Apache-2.0",
  };
  int loaded = syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
  if (loaded < 0) return fail("the kernel does not load the BPF program");
  union bpf_attr attach = {
      .target_fd = cgroup,
      .attach_bpf_fd = loaded,
      .attach_type = BPF_CGROUP_SETSOCKOPT,
  };
  if (syscall(SYS_bpf, BPF_PROG_ATTACH, &attach, sizeof attach) != 0) return fail(name);
  return 0;
}
