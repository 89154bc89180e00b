import { type ContainerSpecOptions, describe, expect, readAll, test } from '../../../fixtures/test.ts';

// Seccomp profiles by what the processes of a container are denied.

type Seccomp = NonNullable<NonNullable<ContainerSpecOptions['linux']>['Seccomp']>;

/** errno of a system call that the kernel lacks. */
const ENOSYS = 38;

const ALLOW_OTHERS = { DefaultAction: 'SCMP_ACT_ALLOW', Architectures: ['SCMP_ARCH_X86_64'] };

const NO_DIRECTORIES: Seccomp = {
  ...ALLOW_OTHERS,
  Syscalls: [{ Names: ['mkdir', 'mkdirat'], Action: 'SCMP_ACT_ERRNO', errnoret: ENOSYS }],
};

/** Denies to set a mode whose last nine bits are rwx------. */
const NO_MODE_700: Seccomp = {
  ...ALLOW_OTHERS,
  Syscalls: [
    {
      Names: ['chmod'],
      Action: 'SCMP_ACT_ERRNO',
      errnoret: ENOSYS,
      Args: [{ Index: 1, Value: 0o777, ValueTwo: 0o700, Op: 'SCMP_CMP_MASKED_EQ' }],
    },
  ],
};

/** System calls of a program of busybox, and of the agent and runc between the filter and the program's start. */
const OF_BUSYBOX =
  'access arch_prctl brk clone close dup dup2 epoll_ctl epoll_pwait execve exit exit_group fcntl fstat fstatfs futex getdents64 getegid geteuid getgid getpid getrandom gettid getuid ioctl lseek mmap mprotect munmap nanosleep newfstatat open openat poll prctl prlimit64 read readlink readlinkat rseq rt_sigaction rt_sigprocmask rt_sigreturn sched_yield set_robust_list set_tid_address sigaltstack stat tgkill umask uname write writev'.split(
    ' ',
  );

const ONLY_LISTED: Seccomp = {
  DefaultAction: 'SCMP_ACT_ERRNO',
  Architectures: ['SCMP_ARCH_X86_64'],
  Syscalls: [{ Names: OF_BUSYBOX, Action: 'SCMP_ACT_ALLOW' }],
};

const MAKES_DIRECTORY = ['busybox', 'mkdir', '/tmp/of-seccomp'];
const NOT_IMPLEMENTED = 'Function not implemented';
const notMade = (why: string) => `mkdir: can't create directory '/tmp/of-seccomp': ${why}\n`;

describe('seccomp profile of a container', { tags: ['containers', 'seccomp'] }, () => {
  test('GetGuestDetails reports that the agent supports seccomp', async ({ guest }) => {
    const { agentDetails } = await guest.agent.getGuestDetails({});
    expect(agentDetails?.supportsSeccomp).toBe(true);
  });

  test.for([true, false])(
    'CreateContainer denies its process a system call with the errno of the profile if NoNewPrivileges is %s',
    async (NoNewPrivileges, { guest, startRunning }) => {
      const { containerId } = await startRunning(guest, {
        args: MAKES_DIRECTORY,
        process: { NoNewPrivileges },
        linux: { Seccomp: NO_DIRECTORIES },
      });
      expect(await readAll(guest, 'stderr', containerId, containerId)).toBe(notMade(NOT_IMPLEMENTED));
    },
  );

  test('CreateContainer without a seccomp profile allows its process the same system call', async ({
    guest,
    startRunning,
  }) => {
    const { containerId, wait } = await startRunning(guest, { args: MAKES_DIRECTORY });
    expect(await wait(containerId)).toBe(0);
  });

  test('ExecProcess applies the seccomp profile of its container', async ({ guest, startRunning }) => {
    const container = await startRunning(guest, { linux: { Seccomp: NO_DIRECTORIES } });
    const execId = await container.exec(MAKES_DIRECTORY);
    expect(await readAll(guest, 'stderr', container.containerId, execId)).toBe(notMade(NOT_IMPLEMENTED));
  });

  test('a rule of a seccomp profile with arguments denies a system call with these arguments alone', async ({
    guest,
    startRunning,
  }) => {
    const { containerId } = await startRunning(guest, {
      args: ['sh', '-c', 'cd /tmp; : >file; chmod 0600 file && chmod 0700 file; stat -c %a file'],
      linux: { Seccomp: NO_MODE_700 },
    });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toBe(`chmod: file: ${NOT_IMPLEMENTED}\n`);
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('600\n');
  });

  test('the default action of a seccomp profile denies a system call that no rule allows', async ({
    guest,
    startRunning,
  }) => {
    const { containerId } = await startRunning(guest, { args: MAKES_DIRECTORY, linux: { Seccomp: ONLY_LISTED } });
    expect(await readAll(guest, 'stderr', containerId, containerId)).toBe(notMade('Operation not permitted'));
  });
});
