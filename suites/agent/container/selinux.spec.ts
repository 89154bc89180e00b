import { createContainer, describe, expect, test } from '../../../fixtures/test.ts';

// SELinux labels of a container. The guest kernels of Kata for x86_64 have no SELinux, so a label must not be ignored.

const LABEL = 'system_u:system_r:container_t:s0:c1,c2';

describe('SELinux labels of a container', { tags: ['containers', 'selinux-labels'] }, () => {
  test('CreateContainer with an SELinux label of its process is rejected by a guest without SELinux', async ({
    guest,
    newId,
    expectedErrors,
  }) => {
    await expect(createContainer(guest, newId(), { process: { SelinuxLabel: LABEL } })).rejects.toMatchObject(
      expectedErrors.internal(
        'SELinux label for the process is provided but SELinux is not enabled on the running kernel',
      ),
    );
  });

  test('ExecProcess with an SELinux label is rejected by a guest without SELinux', async ({
    running,
    expectedErrors,
  }) => {
    await expect(running.exec(['true'], { process: { SelinuxLabel: LABEL } })).rejects.toMatchObject(
      expectedErrors.internal(
        'SELinux label for the process is provided but SELinux is not enabled on the running kernel',
      ),
    );
  });

  test.for([
    ['process', { process: { SelinuxLabel: 'label' } }, 'SELinux label for the process is invalid format'],
    ['mounts', { linux: { MountLabel: 'label' } }, 'SELinux label for the mount is invalid format'],
  ] as const)(
    'CreateContainer with an invalid SELinux label of its %s is rejected',
    async ([, options, error], { guest, newId }) => {
      await expect(createContainer(guest, newId(), options)).rejects.toMatchObject({
        code: 'internal',
        details: expect.stringContaining(error),
      });
    },
  );
});
