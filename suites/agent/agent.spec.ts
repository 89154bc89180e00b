import { AgentEnded, describe, expect, listDirectory, policyPath, test } from '../../fixtures/test.ts';

describe('the agent', { tags: ['agent-rpc'] }, () => {
  test('is healthy', async ({ guest }) => {
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
  });

  test('says its version, the same by two calls', async ({ guest }) => {
    const { agentVersion, grpcVersion } = await guest.agent.version({});
    const { agentDetails } = await guest.agent.getGuestDetails({});
    expect(agentVersion).toMatch(/^\d+\.\d+\.\d+/);
    expect(agentDetails?.version).toBe(agentVersion);
    expect(grpcVersion).toBe('0.0.1');
  });

  test('is the one that set-up made: by its version, and by the commit it announces', {
    tags: ['guest-console'],
  }, async ({ guest, target }) => {
    expect((await guest.agent.version({})).agentVersion).toBe(target.agent.version);
    const announced = /"agent-commit":"([^"]*)"/.exec(await guest.console.textSince(0));
    expect(announced?.[1]).toBe(target.agent.commit ? `${target.agent.version}-${target.agent.commit}` : 'none');
  });

  test('knows the guest it runs in', async ({ guest }) => {
    const { stdout } = await guest.run(['cat', '/sys/devices/system/memory/block_size_bytes']);
    const details = await guest.agent.getGuestDetails({ memBlockSize: true, memHotplugProbe: true });
    expect(details.memBlockSizeBytes).toBe(String(Number.parseInt(stdout, 16)));
    expect(details.agentDetails?.storageHandlers).toEqual(expect.arrayContaining(['blk', 'virtio-fs', 'local']));
  });

  test('counts what it is asked for', async ({ guest }) => {
    const count = async (): Promise<number> => {
      const { metrics } = await guest.agent.getMetrics({});
      return Number(/^kata_agent_scrape_count (\d+)$/m.exec(metrics)?.[1]);
    };
    const first = await count();
    expect(first).toBeGreaterThan(0);
    expect(await count()).toBe(first + 1);
  });

  test('lists the loopback interface', async ({ guest }) => {
    const { Interfaces: interfaces } = await guest.agent.listInterfaces({});
    expect(interfaces.find(({ name }) => name === 'lo')?.IPAddresses).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: '127.0.0.1', mask: '8' })]),
    );
  });

  test('refuses a method nobody has, with the name in its answer', async ({ guest, rawCall, words }) => {
    const { method, service } = words.unknown;
    await expect(rawCall(guest.agent.address, 'grpc.AgentService', 'NoSuchMethod')).rejects.toMatchObject(method);
    await expect(rawCall(guest.agent.address, 'grpc.NoSuchService', 'Check')).rejects.toMatchObject(service);
  });

  test('serves a hundred calls at once', async ({ guest }) => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => guest.agent.check({})));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set(['SERVING']));
  });

  test('keeps a caller waiting for an OOM event, and serves others meanwhile', async ({ guest }) => {
    const waiting = guest.agent.getOOMEvent({}, { timeoutMs: 300 });
    const refused = expect(waiting).rejects.toMatchObject({ code: 'deadline_exceeded' });
    expect(await guest.agent.check({})).toEqual({ status: 'SERVING' });
    await refused;
  });
});

describe('CopyFile', { tags: ['agent-rpc'] }, () => {
  const file = { fileSize: 6, fileMode: 0o640, dirMode: 0o750, uid: 0, gid: 0 };

  test('gives a file its name only when it is whole, each piece at its offset', async ({ guest, newId, words }) => {
    const directory = `${words.copyBase}/${newId()}`;
    const path = `${directory}/greeting`;
    await guest.agent.copyFile({ ...file, path, offset: 0, data: Buffer.from('abcx') });
    expect(await listDirectory(guest, directory)).toEqual(['greeting.tmp']);
    // Over the end of the first: put behind it, it would be another file.
    await guest.agent.copyFile({ ...file, path, offset: 3, data: Buffer.from('def') });
    expect(await listDirectory(guest, directory)).toEqual(['greeting']);
    expect((await guest.run(['cat', path])).stdout).toBe('abcdef');
  });

  test('gives a file its mode and owner, and a new directory its mode', async ({ guest, newId, words }) => {
    const directory = `${words.copyBase}/${newId()}`;
    const path = `${directory}/owned`;
    const request = { ...file, uid: 1234, gid: 5678, path, offset: 0, data: Buffer.from('abcdef') };
    await guest.agent.copyFile(request);
    const { stdout } = await guest.run(['stat', '-c', '%a %u %g', path]);
    expect(stdout).toBe('640 1234 5678\n');
    expect((await guest.run(['stat', '-c', '%a', directory])).stdout).toBe('750\n');
  });

  test('refuses a path outside its base directory', async ({ guest, words }) => {
    await expect(
      guest.agent.copyFile({ ...file, path: '/etc/passwd.new', offset: 0, data: Buffer.from('abcdef') }),
    ).rejects.toMatchObject({ code: 'internal', details: expect.stringMatching(words.notBelowCopyBase) });
    expect(await listDirectory(guest, '/etc/passwd.new')).toBeUndefined();
  });
});

describe('the kernel parameters', { tags: ['agent-rpc', 'guest-console', 'guest-exit'] }, () => {
  /** A guest whose agent will not start. Kata waits for one that has ended until its time is over. */
  const refused = (parameter: string) => ({ policy: null, kernelParameters: [parameter], readyTimeoutMs: 60_000 });

  /** What a guest says whose agent does not start; `undefined` when it does. */
  const saidInTheEnd = (launching: Promise<unknown>): Promise<string | undefined> =>
    launching.then(
      () => undefined,
      (error: unknown) => (error instanceof AgentEnded ? error.console : Promise.reject(error)),
    );

  test.for([
    ['agent.log=loud', 'invalid log level'],
    ['agent.container_pipe_size=-1', 'container pipe size should not be negative'],
  ])('%s keeps the agent from starting: %s', async ([parameter = '', complaint], { launch }) => {
    expect(await saidInTheEnd(launch(refused(parameter)))).toContain(complaint);
  });

  test('a time that is none keeps the agent from starting', async ({ launch, words }) => {
    expect(await saidInTheEnd(launch(refused('agent.hotplug_timeout=soon')))).toContain(words.badTimeout);
  });

  describe('with a policy for skopeo', { tags: ['guest-pull-skopeo'] }, () => {
    test('reach the agent: it announces the policy it was given', async ({ launch }) => {
      const guest = await launch({ policy: 'reject_all.json' });
      const announced = new RegExp(`"announce".*${policyPath('reject_all.json')}`);
      await guest.console.waitFor(announced, 0, { timeoutMs: 5_000 });
    });

    test.for([
      ['agent.container_policy_file=/a=b', 'invalid container_policy_file value'],
      ['agent.container_policy_file=relative.json', 'container_policy_file path must be an absolute file path'],
      ['agent.container_policy_file=/etc/../policy.json', 'container_policy_file path must be an absolute file path'],
    ])('%s keeps the agent from starting: %s', async ([parameter = '', complaint], { launch }) => {
      expect(await saidInTheEnd(launch(refused(parameter)))).toContain(complaint);
    });

    test('agent.container_policy_file= without a value keeps the agent from starting', {
      tags: ['empty-kernel-parameters'],
    }, async ({ launch }) => {
      const said = await saidInTheEnd(launch(refused('agent.container_policy_file=')));
      expect(said).toContain('invalid container_policy_file value');
    });

    test('decide how much the agent says', { tags: ['unsigned-images'] }, async ({ launch, pull }) => {
      const guest = await launch({ kernelParameters: ['agent.log=info'] });
      expect(await pull(guest, 'small')).toMatchObject({ status: 'ok' });
      const said = await guest.console.textSince(0);
      expect(said).toContain('Attempting to pull image');
      expect(said).not.toContain('skopeo command: ');
    });
  });
});

describe('the sandbox', { tags: ['agent-rpc', 'guest-exit'] }, () => {
  test('ends when its agent is killed, and says UNAVAILABLE from then on', async ({ launch }) => {
    const guest = await launch();
    await guest.killAgent();
    await guest.untilEnded();
    await expect(guest.agent.check({})).rejects.toMatchObject({ code: 'unavailable' });
  });
});
