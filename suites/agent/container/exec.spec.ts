import { describe, expect, type ProcessFields, type RunningContainer, readAll, test } from '../../../fixtures/test.ts';

// Fields of ExecProcess that the process of the container does not hand down. ../container-spec.spec.ts has the others.

const CAPABILITIES = {
  Bounding: ['CAP_KILL', 'CAP_SETGID', 'CAP_SETUID'],
  Permitted: ['CAP_KILL', 'CAP_SETUID'],
  Effective: ['CAP_KILL'],
  Inheritable: ['CAP_KILL', 'CAP_SETUID'],
  Ambient: ['CAP_SETUID'],
};

describe('process of ExecProcess', { tags: ['containers'] }, () => {
  const lines = (container: RunningContainer, names: string, process: ProcessFields): Promise<string> =>
    container.exec(['sh', '-c', `grep '^${names}' /proc/self/status`], { process });

  test('ExecProcess sets no_new_privs on its process if NoNewPrivileges is true, and clears it otherwise', async ({
    guest,
    running,
  }) => {
    const said = async (NoNewPrivileges: boolean): Promise<string> =>
      readAll(guest, 'stdout', running.containerId, await lines(running, 'NoNewPrivs', { NoNewPrivileges }));
    expect(await said(true)).toBe('NoNewPrivs:\t1\n');
    expect(await said(false)).toBe('NoNewPrivs:\t0\n');
  });

  test('ExecProcess gives a process of another user the requested inheritable, ambient, permitted and bounding capabilities', {
    tags: ['other-users'],
  }, async ({ guest, startRunning }) => {
    const container = await startRunning(guest, { process: { Capabilities: CAPABILITIES } });
    const User = { UID: 1234, GID: 5678 };
    const execId = await lines(container, 'Cap', { User, Capabilities: CAPABILITIES });
    // Bit 5 is CAP_KILL, bit 6 CAP_SETGID, bit 7 CAP_SETUID. execve leaves a process of another user than root the ambient
    // ones alone.
    expect(await readAll(guest, 'stdout', container.containerId, execId)).toBe(
      `CapInh:\t${'0'.repeat(14)}a0\nCapPrm:\t${'0'.repeat(14)}80\nCapEff:\t${'0'.repeat(14)}80\nCapBnd:\t${'0'.repeat(14)}e0\nCapAmb:\t${'0'.repeat(14)}80\n`,
    );
  });
});
