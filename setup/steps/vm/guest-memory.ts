import { mkdir } from 'node:fs/promises';
import type { ServiceStep } from '../../step.ts';

/**
 * Step that creates a tmpfs directory for the memory files of cloned guests; each file is removed as soon as its QEMU
 * has opened it.
 */
export const guestMemory: ServiceStep<string> = {
  kind: 'service',
  id: 'guest-memory',
  module: import.meta.url,
  title: 'guest memory directory',
  needs: () => [],
  timeoutMs: 10_000,
  async start({ runId, undoByRemoving }) {
    const directory = `/dev/shm/kata-cc-${runId}`;
    undoByRemoving(directory);
    await mkdir(directory, { mode: 0o700 });
    return directory;
  },
};
