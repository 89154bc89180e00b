import {
  type ContainerSpecOptions,
  createContainer,
  describe,
  expect,
  type Guest,
  readAll,
  test,
} from '../../../fixtures/test.ts';

// Hooks of a container's specification. The agent runs them in its own namespaces: their programs are files of the guest.

/** Directory of the hooks' programs and of the files that they write. */
const HOOKS = '/run/kata-cc-hooks';

/** A hook that writes its last argument, two variables of its environment, and its input to a file. */
const RECORDS = 'for last; do :; done; echo "$last $COLOUR $SHAPE $input" >>"$OUT"';

const KINDS = ['Prestart', 'Poststart', 'Poststop'] as const;

const HOUR = ['sleep', '3600'];

describe('hooks of a container', { tags: ['containers'] }, () => {
  test.for(KINDS)(
    'a %s hook runs once with its arguments and environment, and with the state of the container as its input',
    async (kind, { guest, newId }) => {
      const [containerId, out] = [newId(), `${HOOKS}/${newId()}`];
      const Path = await writeHook(guest, newId(), RECORDS);
      const Env = ['COLOUR=blue', 'SHAPE=round', `OUT=${out}`];
      await createContainer(guest, containerId, {
        args: HOUR,
        spec: {
          Version: '1.0.1',
          Hooks: { [kind]: [{ Path, Args: ['hook', 'first', 'last'], Env }] },
          Annotations: { 'kata-cc.test/note': 'of the request' },
        },
      });
      await guest.agent.startContainer({ containerId });
      const beforeRemoval = await contentOf(guest, out);
      await guest.agent.removeContainer({ containerId });
      const afterRemoval = (await contentOf(guest, out)).slice(beforeRemoval.length);
      const written = kind === 'Poststop' ? afterRemoval : beforeRemoval;
      const [, words, state = '{}'] = /^([^{]*) (\{.*\})\n$/.exec(written) ?? [];
      expect(words, `of ${JSON.stringify(written)}`).toBe('last blue round');
      expect(JSON.parse(state)).toMatchObject({
        ociVersion: '1.0.1',
        id: containerId,
        bundle: `/run/kata-containers/${containerId}`,
        annotations: { 'kata-cc.test/note': 'of the request' },
      });
    },
  );

  test('Prestart hooks run before CreateContainer returns, Poststart hooks before StartContainer returns, and Poststop hooks in RemoveContainer', async ({
    guest,
    newId,
  }) => {
    const [containerId, out] = [newId(), `${HOOKS}/${newId()}`];
    const Path = await writeHook(guest, newId(), `echo "$KIND" >>${out}`);
    const Hooks = Object.fromEntries(KINDS.map((kind) => [kind, [{ Path, Args: ['hook'], Env: [`KIND=${kind}`] }]]));
    await createContainer(guest, containerId, { args: HOUR, spec: { Hooks } });
    expect(await contentOf(guest, out)).toMatch(/^Prestart\n/);
    await guest.agent.startContainer({ containerId });
    expect(await contentOf(guest, out)).toBe('Prestart\nPoststart\n');
    await guest.agent.removeContainer({ containerId });
    expect(await contentOf(guest, out)).toBe('Prestart\nPoststart\nPoststop\n');
  });

  test('several hooks of a kind run in the order of the request', async ({ guest, newId }) => {
    const [containerId, out] = [newId(), `${HOOKS}/${newId()}`];
    const Path = await writeHook(guest, newId(), `echo "$NUMBER" >>${out}`);
    const Prestart = ['one', 'two', 'three'].map((each) => ({ Path, Args: ['hook'], Env: [`NUMBER=${each}`] }));
    await createContainer(guest, containerId, { args: HOUR, spec: { Hooks: { Prestart } } });
    expect(await contentOf(guest, out)).toBe('one\ntwo\nthree\n');
  });

  test('CreateContainer with a Prestart hook that fails is rejected', { tags: ['failing-hooks'] }, async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    const Path = await writeHook(guest, newId(), 'exit 3');
    const Hooks = { Prestart: [{ Path, Args: ['hook'] }] };
    await expect(createContainer(guest, newId(), { args: HOUR, spec: { Hooks } })).rejects.toMatchObject(
      expectedErrors.internal('UnknownErrno: Unknown errno'),
    );
  });

  test('CreateContainer with a Prestart hook that fails succeeds, and runs the hooks after it', {
    tags: ['ignored-hook-failures'],
  }, async ({ guest, newId, startRunning }) => {
    const out = `${HOOKS}/${newId()}`;
    const fails = await writeHook(guest, newId(), 'exit 3');
    const Prestart = [fails, await writeHook(guest, newId(), `echo ran >${out}`)].map((Path) => ({
      Path,
      Args: ['hook'],
    }));
    await startRunning(guest, { spec: { Hooks: { Prestart } } });
    expect(await contentOf(guest, out)).toBe('ran\n');
  });

  test.for(KINDS)(
    'a %s hook that takes longer than its timeout fails the call that runs it',
    { tags: ['failing-hooks'] },
    async (kind, { guest, newId, expectedErrors }) => {
      const Hooks = { [kind]: [await slowHook(guest, newId())] };
      await expect(lifeOf(guest, newId(), Hooks)).rejects.toMatchObject(
        expectedErrors.internal('ETIMEDOUT: Connection timed out'),
      );
    },
  );

  test.for(KINDS)(
    'a %s hook that takes longer than its timeout is killed',
    { tags: ['ignored-hook-failures'] },
    async (kind, { guest, newId }) => {
      const hook = await slowHook(guest, newId());
      await lifeOf(guest, newId(), { [kind]: [hook] });
      expect(await contentOf(guest, `${hook.Path}.began`)).toBe('began\n');
      expect(await contentOf(guest, `${hook.Path}.ended`)).toBe('');
    },
  );

  test('a CreateContainer hook runs in the mount namespace of the container before CreateContainer returns', {
    tags: ['container-hooks'],
  }, async ({ guest, newId }) => {
    const [containerId, out] = [newId(), `${HOOKS}/${newId()}`];
    const Path = await writeHook(guest, newId(), `echo "$1 $COLOUR $(readlink /proc/self/ns/mnt) $input" >${out}`);
    const CreateContainer = [{ Path, Args: ['hook', 'first'], Env: ['COLOUR=blue'] }];
    await createContainer(guest, containerId, { args: HOUR, spec: { Hooks: { CreateContainer } } });
    const { stdout } = await guest.run(['readlink', '/proc/self/ns/mnt']);
    const [, words, namespace, state = '{}'] = /^(first blue) (\S+) (.*)\n$/.exec(await contentOf(guest, out)) ?? [];
    expect(words).toBe('first blue');
    expect(namespace).not.toBe(stdout.trim());
    expect(JSON.parse(state)).toMatchObject({ id: containerId });
  });

  test('a StartContainer hook runs in the root file system of the container before its process', {
    tags: ['container-hooks'],
  }, async ({ guest, startRunning }) => {
    const Env = ['COLOUR=blue', 'PATH=/bin'];
    const Args = ['sh', '-c', 'echo "$1 $COLOUR" >/of-the-hook; cat >>/of-the-hook', 'hook', 'first'];
    const { containerId } = await startRunning(guest, {
      args: ['cat', '/of-the-hook'],
      spec: { Hooks: { StartContainer: [{ Path: '/bin/sh', Args, Env }] } },
    });
    const [, words, state = '{}'] =
      /^(first blue)\n(.*)$/.exec(await readAll(guest, 'stdout', containerId, containerId)) ?? [];
    expect(words).toBe('first blue');
    expect(JSON.parse(state)).toMatchObject({ id: containerId });
  });

  test('a CreateContainer hook that takes longer than its timeout is killed, and CreateContainer succeeds', {
    tags: ['container-hooks'],
  }, async ({ guest, newId }) => {
    const hook = await slowHook(guest, newId());
    await createContainer(guest, newId(), { args: HOUR, spec: { Hooks: { CreateContainer: [hook] } } });
    expect(await contentOf(guest, `${hook.Path}.began`)).toBe('began\n');
    expect(await contentOf(guest, `${hook.Path}.ended`)).toBe('');
  });

  test('a StartContainer hook that takes longer than its timeout is killed before the process of the container starts', {
    tags: ['container-hooks'],
  }, async ({ guest, startRunning }) => {
    const Args = ['sh', '-c', 'cat >/dev/null; echo began >/said; sleep 3; echo ended >>/said'];
    const { containerId } = await startRunning(guest, {
      args: ['cat', '/said'],
      // biome-ignore lint/plugin/time-limit: a field of the request, in seconds.
      spec: { Hooks: { StartContainer: [{ Path: '/bin/sh', Args, Env: ['PATH=/bin'], Timeout: 1 }] } },
    });
    expect(await readAll(guest, 'stdout', containerId, containerId)).toBe('began\n');
  });
});

type Hooks = NonNullable<NonNullable<ContainerSpecOptions['spec']>['Hooks']>;

/** Creates, starts and removes a container with hooks. */
async function lifeOf(guest: Guest, containerId: string, Hooks: Hooks): Promise<void> {
  await createContainer(guest, containerId, { args: HOUR, spec: { Hooks } });
  await guest.agent.startContainer({ containerId });
  await guest.agent.removeContainer({ containerId });
}

/** A hook that takes three seconds and has a timeout of one; without one of its own, a hook may take ten. */
async function slowHook(guest: Guest, name: string): Promise<{ Path: string; Args: string[]; Timeout: number }> {
  const Path = await writeHook(guest, name, 'echo began >"$0.began"; sleep 3; echo ended >"$0.ended"');
  // biome-ignore lint/plugin/time-limit: a field of the request, in seconds.
  return { Path, Args: ['hook'], Timeout: 1 };
}

/**
 * Writes the program of a hook to a file of the guest and returns its path. Each reads its input: agents of generation skopeo
 * panic if a hook ends before they have written it, and never answer the call.
 */
async function writeHook(guest: Guest, name: string, script: string): Promise<string> {
  const path = `${HOOKS}/${name}.sh`;
  const program = `#!/bin/sh\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\ninput=$(cat)\n${script}\n`;
  const write = `mkdir -p ${HOOKS} && printf %s "$1" >${path} && chmod 755 ${path}`;
  await guest.run(['sh', '-c', write, 'sh', program]);
  return path;
}

/** Content of a file of the guest; empty if there is none. */
async function contentOf(guest: Guest, path: string): Promise<string> {
  return (await guest.run(['sh', '-c', `[ ! -e ${path} ] || cat ${path}`])).stdout;
}
