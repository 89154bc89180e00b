import { AgentEnded, describe, expect, listDirectory, policyPath, test } from '../../fixtures/test.ts';

describe('agent in the guest', { tags: ['agent-rpc'] }, () => {
  test('Check returns SERVING', async ({ guest }) => {
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
  });

  test('Version and GetGuestDetails return the same agent version', async ({ guest }) => {
    const { agentVersion, grpcVersion } = await guest.agent.version({});
    const { agentDetails } = await guest.agent.getGuestDetails({});
    expect(agentVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(agentDetails?.version).toBe(agentVersion);
    expect(grpcVersion).toBe('0.0.1');
  });

  test('the agent reports the version and announces the commit of the agent that set-up provided', {
    tags: ['guest-console'],
  }, async ({ guest, target }) => {
    expect((await guest.agent.version({})).agentVersion).toBe(target.agent.version);
    const announced = /"agent-commit":"([^"]*)"/.exec(await guest.console.textSince(0));
    expect(announced?.[1]).toBe(target.agent.commit ? `${target.agent.version}-${target.agent.commit}` : 'none');
  });

  test('GetGuestDetails returns the memory block size of the guest kernel and the storage handlers of the agent', async ({
    guest,
  }) => {
    const { stdout } = await guest.run(['cat', '/sys/devices/system/memory/block_size_bytes']);
    const details = await guest.agent.getGuestDetails({ memBlockSize: true, memHotplugProbe: true });
    expect(details.memBlockSizeBytes).toBe(String(Number.parseInt(stdout, 16)));
    expect(details.agentDetails?.storageHandlers).toEqual(expect.arrayContaining(['blk', 'virtio-fs', 'local']));
  });

  test('GetMetrics increments kata_agent_scrape_count by one for each call', async ({ guest }) => {
    const count = async (): Promise<number> => {
      const { metrics } = await guest.agent.getMetrics({});
      return Number(/^kata_agent_scrape_count (\d+)$/m.exec(metrics)?.[1]);
    };
    const first = await count();
    expect(first).toBeGreaterThan(0);
    expect(await count()).toBe(first + 1);
  });

  test('ListInterfaces returns the loopback interface with 127.0.0.1/8', async ({ guest }) => {
    const { Interfaces: interfaces } = await guest.agent.listInterfaces({});
    expect(interfaces.find(({ name }) => name === 'lo')?.IPAddresses).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: '127.0.0.1', mask: '8' })]),
    );
  });

  test('an unknown ttrpc method or service is rejected with an error that names it', async ({
    guest,
    rawCall,
    expectedErrors,
  }) => {
    const { method, service } = expectedErrors.unknown;
    await expect(rawCall(guest.agent.address, 'grpc.AgentService', 'NoSuchMethod')).rejects.toMatchObject(method);
    await expect(rawCall(guest.agent.address, 'grpc.NoSuchService', 'Check')).rejects.toMatchObject(service);
  });

  test('100 concurrent Check calls all return SERVING', async ({ guest }) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => guest.agent.check({})));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['SERVING']));
  });

  test('GetOOMEvent waits for an event until its deadline and does not block other calls meanwhile', async ({
    guest,
  }) => {
    // biome-ignore lint/plugin/time-limit: the test waits for this deadline, which always passes.
    const waiting = guest.agent.getOOMEvent({}, { timeoutMs: 300 });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    await refused;
  });
});

describe('CopyFile', { tags: ['agent-rpc'] }, () => {
  const file = { fileSize: 6, fileMode: 0o640, dirMode: 0o750, uid: 0, gid: 0 };

  test('CopyFile writes each chunk at its offset and renames the .tmp file only when it is complete', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const directory = `${expectedErrors.copyBase}/${newId()}`;
    const path = `${directory}/greeting`;
    await guest.agent.copyFile({ ...file, path, offset: 0, data: Buffer.from('abcx') });
    expect(await listDirectory(guest, directory)).toEqual(['greeting.tmp']);
    // This chunk overlaps the end of the first. Appended instead of written at its offset, it would make the content differ.
    await guest.agent.copyFile({ ...file, path, offset: 3, data: Buffer.from('def') });
    expect(await listDirectory(guest, directory)).toEqual(['greeting']);
    expect((await guest.run(['cat', path])).stdout).toBe('abcdef');
  });

  test('CopyFile sets the mode and the owner of a file and the mode of a new directory', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const directory = `${expectedErrors.copyBase}/${newId()}`;
    const path = `${directory}/owned`;
    const request = { ...file, uid: 1234, gid: 5678, path, offset: 0, data: Buffer.from('abcdef') };
    await guest.agent.copyFile(request);
    const { stdout } = await guest.run(['stat', '-c', '%a %u %g', path]);
    expect(stdout).toBe('640 1234 5678\n');
    expect((await guest.run(['stat', '-c', '%a', directory])).stdout).toBe('750\n');
  });

  test('CopyFile to a path outside its base directory is rejected and creates no file', async ({
    guest,
    expectedErrors,
  }) => {
    await expect(
      guest.agent.copyFile({ ...file, path: '/etc/passwd.new', offset: 0, data: Buffer.from('abcdef') }),
    ).rejects.toMatchObject(expectedErrors.notBelowCopyBase('/etc/passwd.new'));
    expect(await listDirectory(guest, '/etc/passwd.new')).toBeUndefined();
  });
});

describe('kernel parameters of the agent', { tags: ['agent-rpc', 'guest-console', 'guest-exit'] }, () => {
  /** Options of a guest whose agent refuses to start because of a kernel parameter. */
  const refused = (parameter: string) =>
    ({ policy: null, kernelParameters: [parameter], readyWithin: 'agent-rejects-parameters' }) as const;

  /** Console text of a guest whose agent did not start; `undefined` if the agent started. */
  const saidInTheEnd = (launching: Promise<unknown>): Promise<string | undefined> =>
    launching.then(
      () => undefined,
      (error: unknown) => (error instanceof AgentEnded ? error.console : Promise.reject(error)),
    );

  test.for([
    ['agent.log=loud', 'invalid log level'],
    ['agent.container_pipe_size=-1', 'container pipe size should not be negative'],
  ])('the agent refuses to start with %s and prints "%s"', async ([parameter = '', complaint], { launch }) => {
    expect(await saidInTheEnd(launch(refused(parameter)))).toContain(complaint);
  });

  test('the agent refuses to start with an invalid agent.hotplug_timeout', async ({ launch, expectedErrors }) => {
    expect(await saidInTheEnd(launch(refused('agent.hotplug_timeout=soon')))).toContain(expectedErrors.badTimeout);
  });

  describe('kernel parameters of an agent that pulls with skopeo', { tags: ['guest-pull-skopeo'] }, () => {
    test('agent.container_policy_file reaches the agent, which announces that policy at start', async ({
      launch,
      within,
    }) => {
      const guest = await launch({ policy: 'reject_all.json' });
      const announced = new RegExp(`"announce".*${policyPath('reject_all.json')}`);
      await guest.console.waitFor(announced, 0, within('console'));
    });

    test.for([
      ['agent.container_policy_file=/a=b', 'invalid container_policy_file value'],
      ['agent.container_policy_file=relative.json', 'container_policy_file path must be an absolute file path'],
      ['agent.container_policy_file=/etc/../policy.json', 'container_policy_file path must be an absolute file path'],
    ])('the agent refuses to start with %s and prints "%s"', async ([parameter = '', complaint], { launch }) => {
      expect(await saidInTheEnd(launch(refused(parameter)))).toContain(complaint);
    });

    test('the agent refuses to start with agent.container_policy_file= without a value', {
      tags: ['empty-kernel-parameters'],
    }, async ({ launch }) => {
      const said = await saidInTheEnd(launch(refused('agent.container_policy_file=')));
      expect(said).toContain('invalid container_policy_file value');
    });

    test('agent.log=info suppresses the debug messages of PullImage on the console', {
      tags: ['unsigned-images'],
    }, async ({ launch, pull }) => {
      const guest = await launch({ kernelParameters: ['agent.log=info'] });
      expect(await pull(guest, 'small')).toMatchObject({ status: 'ok' });
      const said = await guest.console.textSince(0);
      expect(said).toContain('Attempting to pull image');
      expect(said).not.toContain('skopeo command: ');
    });
  });
});

describe('sandbox of a killed agent', { tags: ['agent-rpc', 'guest-exit'] }, () => {
  test('killing the agent ends its sandbox, and later calls fail with UNAVAILABLE', async ({ launch }) => {
    const guest = await launch();
    await guest.killAgent();
    await guest.untilEnded();
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
