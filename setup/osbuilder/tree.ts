import { appendFile, chmod, copyFile, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProvisionError } from '../../helpers/errors.ts';
import { fileExists } from '../../helpers/files.ts';
import { generationOfSource } from '../../helpers/kata/generation.ts';
import { DIE_WITH_PARENT, run } from '../../helpers/process/exec.ts';
import { guestAddressOf } from '../../helpers/registry/guest-address.ts';
import { distributionSources, sourceLine } from '../../helpers/toolchain/apt.ts';
import { findProtoDirectory } from '../../protos/find.ts';
import { projectPath } from '../project.ts';
import type { StepContext } from '../step.ts';
import { kataSourceOf, withSource } from '../steps/source/kata-source.ts';
import { guestRegistries } from '../target/guest-registries.ts';
import { rootfsEnvironment, TOOLS } from './environment.ts';
import { leftOut, removeNamed } from './left-out.ts';

const TOOL = projectPath('setup/osbuilder/tool.sh');
const REGISTRY_UNIT = projectPath('setup/guest/kata-cc-registry@.service');

const BUILDER = 'tools/osbuilder/rootfs-builder';
/** Scripts in which upstream's revisions list the files that they leave out of an image. */
const LEFT_OUT_IN = ['tools/osbuilder/image-builder/image_builder.sh', `${BUILDER}/rootfs.sh`];

/** Command prefix that runs rootfs.sh in namespaces: when the script ends, all its processes and mounts end too. */
const ISOLATED = ['unshare', '--mount', '--propagation=private', '--pid', '--fork', '--kill-child', '--mount-proc'];

/**
 * fstab line for the size of the guest's /run, where the agent unpacks images. systemd's default is a fifth of the
 * memory; later revisions of upstream set half for confidential guests, in the same way.
 */
const LARGER_RUN = 'tmpfs /run tmpfs nosuid,nodev,mode=755,size=50% 0 0\n';

/**
 * Builds the guest's root file system at `root` with rootfs.sh of the Kata under test, for this machine's distribution:
 * systemd and Kata's units. The agent is added later, as upstream's developers add it.
 */
export async function osbuilderTree(root: string, directory: string, context: StepContext): Promise<void> {
  const { config, host, say, signal } = context;
  const source = kataSourceOf(config, 'rootfs');
  await withSource(directory, source, context, async (checkout) => {
    const bin = join(directory, 'bin');
    await placeTools(bin);
    const sources = join(directory, 'sources.list');
    const archives = await distributionSources(host.codename, signal);
    await writeFile(sources, archives.map((archive) => `${sourceLine(archive)}\n`).join(''));
    say(`running rootfs.sh for ${host.distribution} ${host.codename}`);
    await mkdir(root);
    const builder = join(checkout, BUILDER);
    const script = ['bash', join(builder, 'rootfs.sh'), '-r', root, host.distribution];
    await run([...DIE_WITH_PARENT, ...ISOLATED, ...script], {
      cwd: builder,
      env: rootfsEnvironment({
        network: config.outbound.network,
        ...{ bin, sources, codename: host.codename, mmdebstrap: host.tools.mmdebstrap ?? '' },
        generation: await generationOfSource(checkout, findProtoDirectory(join(checkout, 'src'))),
      }),
      signal,
    });
    await rm(join(root, 'usr/bin/kata-agent'));
    // The units are installed with the agent's makefile: rootfs.sh installs them only together with an agent that it
    // builds itself.
    const install = ['make', '-C', join(checkout, 'src/agent'), 'install-services', `DESTDIR=${root}`, 'INIT=no'];
    await run(install, { signal });
    await removeNamed(root, await namesLeftOut(checkout));
    await complete(root, Object.values(guestRegistries(config)));
    for (const made of [bin, sources]) await rm(made, { recursive: true });
  });
}

async function placeTools(bin: string): Promise<void> {
  await mkdir(bin);
  for (const name of TOOLS) {
    await copyFile(TOOL, join(bin, name));
    await chmod(join(bin, name), 0o755);
  }
}

async function namesLeftOut(checkout: string): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for (const path of LEFT_OUT_IN) {
    const file = join(checkout, path);
    if (!(await fileExists(file))) continue;
    for (const name of leftOut(await readFile(file, 'utf8'))) names.add(name);
  }
  if (names.size > 0) return names;
  throw new ProvisionError(
    'rootfs',
    `neither ${LEFT_OUT_IN.join(' nor ')} contains systemd_units=(…) or systemd_files=(…)`,
  );
}

/** Adds files that this project's guests need to upstream's root file system. */
async function complete(root: string, registries: readonly string[]): Promise<void> {
  const units = join(root, 'usr/lib/systemd/system');
  await copyFile(REGISTRY_UNIT, join(units, basename(REGISTRY_UNIT)));
  const wants = join(units, 'kata-containers.target.wants');
  await mkdir(wants, { recursive: true });
  for (const guestAddress of registries) {
    const { port } = guestAddressOf({ guestAddress });
    await symlink(`../${basename(REGISTRY_UNIT)}`, join(wants, `kata-cc-registry@${port}.service`));
  }
  // The machine id is empty, so that systemd mounts one over it at each boot.
  await writeFile(join(root, 'etc/machine-id'), '');
  await appendFile(join(root, 'etc/fstab'), LARGER_RUN);
  await symlink('../systemd-remount-fs.service', join(wants, 'systemd-remount-fs.service'));
}
