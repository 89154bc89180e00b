import { createContainer, describe, expect, test } from '../../../fixtures/test.ts';

// User namespaces of containers: what the agent checks before it creates one.

const Namespaces = ['mount', 'ipc', 'uts', 'user'].map((Type) => ({ Type }));
const UIDMappings = [{ ContainerID: 0, HostID: 100_000, Size: 1_000 }];
const GIDMappings = [{ ContainerID: 0, HostID: 200_000, Size: 3_000 }];

describe('user namespace of a container', { tags: ['containers', 'named-validation'] }, () => {
  test.for([
    ['users', { GIDMappings }, 'idmapping uid'],
    ['groups', { UIDMappings }, 'idmapping gid'],
  ] as const)(
    'CreateContainer with a user namespace and no mapping of %s is rejected',
    async ([, mappings, error], { guest, newId }) => {
      await expect(createContainer(guest, newId(), { linux: { Namespaces, ...mappings } })).rejects.toMatchObject({
        code: 'internal',
        details: expect.stringContaining(error),
      });
    },
  );

  test('CreateContainer with mappings of users and no user namespace is rejected', async ({ guest, newId }) => {
    await expect(createContainer(guest, newId(), { linux: { UIDMappings } })).rejects.toMatchObject({
      code: 'internal',
      details: expect.stringContaining('No user namespace, but uid or gid mapping exists'),
    });
  });
});
