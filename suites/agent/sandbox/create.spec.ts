import { describe, expect, type Guest, test } from '../../../fixtures/test.ts';

const CONTAINERS = '/run/kata-containers';
const SHM = `${CONTAINERS}/sandbox/shm`;
const HOOKS = '/run/kata-cc-hooks';

/** The request of Kata's runtime for every sandbox: shared memory of its containers is a storage. */
const REQUEST = {
  storages: [{ driver: 'ephemeral', source: 'shm', fstype: 'tmpfs', mountPoint: SHM }],
};

// A guest of this project starts without a sandbox: nothing but these specs calls CreateSandbox.
describe('sandbox of CreateSandbox', { tags: ['agent-rpc', 'virtual-machine'] }, () => {
  test('CreateSandbox creates a UTS namespace with the hostname of the request, and leaves the hostname of the guest', async ({
    launch,
  }) => {
    const guest = await launch();
    const before = await printed(guest, 'hostname');
    await guest.agent.createSandbox({ ...REQUEST, hostname: 'kata-cc-sandbox' });
    expect(await printed(guest, 'nsenter --uts=/var/run/sandbox-ns/uts hostname')).toBe('kata-cc-sandbox');
    expect(await printed(guest, 'hostname')).toBe(before);
  });

  test('CreateSandbox creates an IPC namespace that the containers of the sandbox share', {
    tags: ['containers', 'shared-namespaces'],
  }, async ({ launch, startRunning }) => {
    const guest = await launch();
    await guest.agent.createSandbox(REQUEST);
    const containers = [await startRunning(guest), await startRunning(guest)];
    const namespace = await printed(guest, 'stat --dereference --format %i /var/run/sandbox-ns/ipc');
    const pids = await printed(guest, 'pgrep -x sleep');
    const shared = pids.split('\n').map((pid) => printed(guest, `stat --dereference --format %i /proc/${pid}/ns/ipc`));
    expect(await Promise.all(shared)).toEqual(containers.map(() => namespace));
  });

  test('CreateSandbox writes the lines of its field dns to /etc/resolv.conf of the guest', async ({ launch }) => {
    const guest = await launch();
    await guest.agent.createSandbox({ ...REQUEST, dns: ['nameserver 192.0.2.53', ' search kata-cc.test '] });
    expect(await printed(guest, 'cat /etc/resolv.conf')).toBe('nameserver 192.0.2.53\nsearch kata-cc.test');
  });

  test('CreateSandbox without dns leaves /etc/resolv.conf of the guest as it was', async ({ launch }) => {
    const guest = await launch();
    const before = await printed(guest, 'cat /etc/resolv.conf');
    await guest.agent.createSandbox(REQUEST);
    expect(await printed(guest, 'cat /etc/resolv.conf')).toBe(before);
  });

  test('CreateSandbox mounts the storages of the request', async ({ launch }) => {
    const guest = await launch();
    expect(await printed(guest, `findmnt --noheadings ${SHM} || true`)).toBe('');
    await guest.agent.createSandbox(REQUEST);
    expect(await printed(guest, `findmnt --noheadings --output SOURCE,FSTYPE ${SHM}`)).toMatch(/^shm +tmpfs$/);
  });

  test('CreateSandbox with a storage of an unknown driver fails and names the driver', async ({ launch }) => {
    const guest = await launch();
    const storages = [{ driver: 'no-such-driver', mountPoint: SHM }];
    await expect(guest.agent.createSandbox({ storages })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/^Failed to find the storage handler "?no-such-driver/),
    });
  });

  test('CreateSandbox removes the directories of containers', async ({ launch }) => {
    const guest = await launch();
    await printed(guest, `mkdir -p ${CONTAINERS}/of-before/rootfs`);
    await guest.agent.createSandbox(REQUEST);
    expect(await printed(guest, `ls ${CONTAINERS}`)).toBe('sandbox');
  });

  test('CreateSandbox makes each container run the executable files below guest_hook_path as hooks, and no others', {
    tags: ['containers'],
  }, async ({ launch, startRunning }) => {
    const guest = await launch();
    const hook = `#!/bin/sh\\necho "$0 $1" >>${HOOKS}/ran\\n`;
    await printed(
      guest,
      `mkdir -p ${HOOKS}/prestart && cd ${HOOKS}/prestart && printf '${hook}' | tee first >second && chmod 755 first`,
    );
    await guest.agent.createSandbox({ ...REQUEST, guestHookPath: HOOKS });
    await startRunning(guest);
    await startRunning(guest);
    const ran = await printed(guest, `cat ${HOOKS}/ran`);
    expect(ran.split('\n')).toEqual([
      expect.stringContaining(`${HOOKS}/prestart/first`),
      expect.stringContaining(`${HOOKS}/prestart/first`),
    ]);
  });

  test('CreateSandbox loads the kernel modules of the request with their parameters', {
    tags: ['kernel-modules'],
  }, async ({ launch }) => {
    const guest = await launch();
    const kernelModules = [{ name: 'dummy', parameters: ['numdummies=2'] }];
    await guest.agent.createSandbox({ ...REQUEST, kernelModules });
    expect(await printed(guest, 'ls /sys/class/net')).toMatch(/\bdummy0\ndummy1\b(?!\ndummy2)/);
  });

  test.for([
    ['that the guest does not have', 'nosuch', /^load_kernel_module return code: 1 stdout: stderr:.*/],
    ['without a name', '', /^Kernel module name is empty/],
  ] as const)('CreateSandbox with a kernel module %s fails', async ([, name, details], { launch }) => {
    const guest = await launch();
    await expect(guest.agent.createSandbox({ ...REQUEST, kernelModules: [{ name }] })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(details),
    });
  });

  test('a second CreateSandbox fails to set up its IPC namespace, but removes the directories of containers', async ({
    launch,
  }) => {
    const guest = await launch();
    await guest.agent.createSandbox({ ...REQUEST, hostname: 'first' });
    await printed(guest, `mkdir ${CONTAINERS}/of-before`);
    await expect(guest.agent.createSandbox({ ...REQUEST, hostname: 'second' })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringMatching(/setup persistent IPC namespace/),
    });
    expect(await printed(guest, 'nsenter --uts=/var/run/sandbox-ns/uts hostname')).toBe('first');
    expect(await printed(guest, `ls ${CONTAINERS}`)).toBe('sandbox');
  });
});

describe('end of a sandbox by DestroySandbox', { tags: ['agent-rpc', 'guest-exit'] }, () => {
  test('DestroySandbox ends the agent, and with it the guest', async ({ launch }) => {
    const guest = await launch();
    expect(guest.hasEnded()).toBe(false);
    await guest.agent.destroySandbox({});
    await guest.untilEnded();
  });

  test('DestroySandbox kills the processes of the containers', {
    tags: ['containers', 'debug-console', 'virtual-machine'],
  }, async ({ launch, openShell, startRunning, within }) => {
    // The guest starts its agent again, so that what the first one left can be seen.
    const guest = await launch({ kernelParameters: ['kata_cc.restart'] });
    await startRunning(guest);
    expect(await printed(guest, 'pgrep -x sleep | wc -l')).toBe('1');
    const since = await guest.console.cursor();
    await guest.agent.destroySandbox({});
    await guest.console.waitFor(/is started again[\s\S]*ttRPC server started/, since, within('agent-start'));
    const { output } = await (await openShell(guest)).run('pgrep -x sleep | wc -l');
    expect(output.trim()).toBe('0');
  });
});

/** Text that a shell command prints in the guest, without blanks around it. */
async function printed(guest: Guest, command: string): Promise<string> {
  return (await guest.run(['sh', '-c', command])).stdout.trim();
}
