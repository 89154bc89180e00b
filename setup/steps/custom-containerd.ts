import { parseContainerdVersion, programsIn } from '../../helpers/containerd/programs.ts';
import type { ComponentProgram } from '../../helpers/contract/component.ts';
import { checkProgram } from './custom-program.ts';

/** Checks the containerd in a directory of the user's. Throws {@link ProvisionError} for another program. */
export function checkContainerd(directory: string, signal: AbortSignal): Promise<ComponentProgram> {
  return checkProgram(
    {
      name: 'containerd',
      path: programsIn(directory).containerd,
      what: 'a containerd',
      setting: `KATA_CONTAINERD=${directory}`,
      parse: parseContainerdVersion,
    },
    signal,
  );
}
