import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { AS_ROOT, testWhere } from '../../../helpers/contract/run-where.ts';
import { cgroup2Directory, createCgroup, removeCgroup } from '../../../helpers/namespace/cgroup.ts';
import { run } from '../../../helpers/process/exec.ts';
import { findProgram } from '../../../helpers/process/programs.ts';
import { inTemporaryDirectory } from '../../../helpers/temporary-directory.ts';
import { projectPath } from '../../project.ts';
import { compileReusePort } from './reuse-port.ts';

const NAME = `kata-cc-test-reuse-port-${process.pid}`;
const gcc = await findProgram('gcc');

/** Sets SO_REUSEPORT on a unix socket and sends nothing. */
const SETS = ['socat', '-u', 'OPEN:/dev/null', `UNIX-SENDTO:${projectPath('nowhere')},reuseport`];
const IN_CGROUP = 'echo $$ > "$1"; shift; exec "$@"';

/** Why this machine cannot show the effect of the program; `true` if it can. */
async function canShow(): Promise<true | string> {
  if (AS_ROOT !== true) return AS_ROOT;
  if (gcc === undefined) return 'needs gcc';
  if ((await cgroup2Directory(NAME)) === undefined) return 'needs cgroup2, mounted below /sys/fs/cgroup';
  const { exitCode } = await run(SETS, { okCodes: [0, 1] });
  return exitCode === 1 || "needs a kernel that refuses SO_REUSEPORT for unix sockets, and this machine's accepts it";
}

testWhere(await canShow())('allow-reuseport lets a unix socket in its cgroup, and in no other, set SO_REUSEPORT', () =>
  inTemporaryDirectory(join('/tmp', 'kata-cc-reuse-port-'), async (directory) => {
    const program = join(directory, 'allow-reuseport');
    await compileReusePort(gcc ?? '', program);
    onTestFinished(() => removeCgroup(NAME));
    for (const name of ['with', 'without']) await createCgroup(`${NAME}/${name}`);
    const cgroup = async (name: string): Promise<string> => (await cgroup2Directory(`${NAME}/${name}`)) ?? '';
    await run([program, await cgroup('with')]);
    const codeIn = async (name: string): Promise<number> => {
      const procs = join(await cgroup(name), 'cgroup.procs');
      return (await run(['sh', '-c', IN_CGROUP, 'sh', procs, ...SETS], { okCodes: [0, 1] })).exitCode;
    };
    expect(await codeIn('with')).toBe(0);
    expect(await codeIn('without')).toBe(1);
  }),
);
