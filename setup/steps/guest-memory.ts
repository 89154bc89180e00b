import { mkdir } from 'node:fs/promises';
import type { ServiceStep } from '../step.ts';

/** A directory in memory for the memory of cloned guests; each file is gone as soon as its QEMU has it open. */
export const guestMemory: ServiceStep<string> = {
  kind: 'service',
  id: 'guest-memory',
  module: import.meta.url,
  title: 'memory for guests',
  needs: [],
  timeoutMs: 10_000,
  async start({ runId, undoByRemoving }) {
    const directory = `/dev/shm/kata-cc-${runId}`;
    undoByRemoving(directory);
    await mkdir(directory, { mode: 0o700 });
    return directory;
  },
};
