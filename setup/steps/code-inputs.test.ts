import { cp, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../config/config.ts';
import { withTarget } from '../config/validated.ts';
import { PROGRAM } from '../engine/bundle.ts';
import { codeInputs } from '../engine/code-inputs.ts';
import { exampleProject } from '../engine/example-project.ts';
import { exampleHost } from '../host/example-host.ts';
import { MUTANTS } from '../mutants/catalogue.ts';
import { plan } from '../plan.ts';
import { PROJECT, projectPath } from '../project.ts';
import { standInAgent } from './agent/agent.ts';

const project = exampleProject();
const { changed } = project;

describe("the stand-in agent's code", () => {
  const MAIN = 'fixtures/stand-in-agent/boot/stand-in-agent.ts';
  const inputs = (): ReturnType<typeof codeInputs> => {
    const { without = [] } = standInAgent.inputs(withTarget('local', loadConfig({})), exampleHost());
    const module = pathToFileURL(join(project.directory, 'setup/steps/agent/agent.ts')).href;
    return codeInputs(module, { ...PROJECT, directory: project.directory }, { without });
  };
  beforeEach(async () => {
    for (const name of ['fixtures', 'helpers', 'protos', 'setup', 'package.json']) {
      await cp(projectPath(name), join(project.directory, name), { recursive: true });
    }
    await symlink(projectPath('node_modules'), join(project.directory, 'node_modules'));
  });

  test("the stand-in's code inputs are the same in a clone at another path", async () => {
    const { without = [] } = standInAgent.inputs(withTarget('local', loadConfig({})), exampleHost());
    expect(await inputs()).toEqual(await codeInputs(standInAgent.module, PROJECT, { without }));
  });

  test("the stand-in's code inputs change with each bundled file of this project", { timeout: 120_000 }, async () => {
    const entryPoints = [join(project.directory, MAIN)];
    const { metafile } = await build({
      ...PROGRAM,
      entryPoints,
      absWorkingDir: project.directory,
      metafile: true,
      write: false,
    });
    const ours = Object.keys(metafile.inputs).filter((path) => !path.includes('node_modules/'));
    expect(ours).toEqual(expect.arrayContaining(['helpers/errors.ts', 'helpers/rpc/error.ts', 'protos/options.ts']));
    const { [MAIN]: before } = await inputs();
    const same: string[] = [];
    for (const path of ours) {
      const { [MAIN]: after } = await changed(path, (text) => `${text}\nconsole.log('changed');\n`, inputs);
      if (after === before) same.push(path);
    }
    expect(same).toEqual([]);
  });
});

const SETTINGS = [
  ['local', {}],
  ['local', { KATA_AGENT: 'source', KATA_AGENT_CTL: 'source', KATA_GENPOLICY: 'source' }],
  ['local', { KATA_MUTANT: String(MUTANTS[0]?.name) }],
  ['vm', { KATA_KERNEL: 'distro' }],
  ['vm', { KATA_KERNEL: 'build', KATA_AGENT: 'source', KATA_CDH: 'source' }],
  ['vm', { KATA_AGENT: 'source', KATA_CDH: 'source', KATA_GUEST_COMPONENTS: 'source', KATA_KBS: 'source' }],
  ['vm', { KATA_KERNEL: 'source' }],
  ['kata', { KATA_KERNEL: 'source', KATA_QEMU: 'source', KATA_ROOTFS: 'osbuilder' }],
  ['kata', { KATA_ROOTFS: 'own' }],
] as const;

test.for(SETTINGS)('the code inputs of every step of target %s with %j are found', async ([target, environment]) => {
  const config = withTarget(target, loadConfig(environment));
  for (const step of plan(config)) {
    if (step.kind === 'service') continue;
    const { without = [] } = step.inputs(config, exampleHost());
    const found = await codeInputs(step.module, PROJECT, { without });
    for (const path of without) {
      // Modules in `without` exist in the import graph: otherwise they would have counted as inputs, or been rejected.
      const others = without.filter((other) => other !== path);
      const more = await codeInputs(step.module, PROJECT, { without: others }).then(({ code }) => code, String);
      expect(more, `${step.id} without ${path}`).not.toBe(found['code']);
    }
  }
});
