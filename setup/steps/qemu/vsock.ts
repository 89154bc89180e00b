import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, ProvisionError } from '../../../helpers/errors.ts';
import { run } from '../../../helpers/process/exec.ts';
import type { VsockProvider } from '../../../helpers/qemu/vsock-backend.ts';
import { distributionSources, downloadFile } from '../../../helpers/toolchain/apt.ts';
import { cargoEnvironment } from '../../../helpers/toolchain/cargo.ts';
import { VHOST_DEVICE_VSOCK } from '../../config/pins.ts';
import { findCargo } from '../../config/toolchains.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { packages } from '../packages.ts';

const PROGRAM = 'vhost-device-vsock';
const RECORD = 'provider.json';

/**
 * Step that provides the vsock backend of guests: the kernel's vhost-vsock if available, else vhost-device-vsock,
 * installed or fetched.
 */
export const vsock: ArtefactStep<VsockProvider> = {
  kind: 'artefact',
  id: 'vsock',
  module: import.meta.url,
  title: 'guest vsock backend',
  needs: () => [packages],
  timeoutMs: 600_000,
  inputs: (_config, { features, tools }) => ({
    files: { [PROGRAM]: tools[PROGRAM] },
    values: { 'vhost-vsock of the kernel': String(features['vhost-vsock']), ...VHOST_DEVICE_VSOCK },
  }),
  async make(directory, context) {
    const { features, tools } = context.host;
    const program = tools[PROGRAM];
    const provider: VsockProvider = features['vhost-vsock']
      ? { kind: 'vhost-vsock' }
      : { kind: 'vhost-user', program: program ?? PROGRAM };
    if (provider.kind === 'vhost-user' && program === undefined) await obtain(join(directory, PROGRAM), context);
    await writeFile(join(directory, RECORD), JSON.stringify(provider));
  },
  async read(directory) {
    const provider = JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as VsockProvider;
    if (provider.kind === 'vhost-vsock' || provider.program !== PROGRAM) return provider;
    return { ...provider, program: join(directory, PROGRAM) };
  },
};

async function obtain(program: string, context: StepContext): Promise<void> {
  const { host, say, signal } = context;
  const work = `${program}.work`;
  await mkdir(work);
  const problems: string[] = [];
  for (const attempt of host.distribution === 'debian' ? [fromDebian, fromSource] : [fromSource]) {
    try {
      await rename(await attempt(work, context), program);
      await chmod(program, 0o755);
      await rm(work, { recursive: true });
      return;
    } catch (error) {
      signal.throwIfAborted();
      problems.push(messageOf(error));
      say(`failed: ${messageOf(error).split('\n')[0]}`);
    }
  }
  const remedy = `load the module vhost_vsock, or put ${PROGRAM} ${VHOST_DEVICE_VSOCK.version} on PATH`;
  throw new ProvisionError('vsock', [`no vsock for guests; ${remedy}`, ...problems].join('\n'));
}

/** Downloads the pinned package of vhost-device-vsock from the mirror that apt uses; apt verifies its checksum. */
async function fromDebian(work: string, { config, host, say, signal }: StepContext): Promise<string> {
  const { debianPath, sha256 } = VHOST_DEVICE_VSOCK;
  const [source] = await distributionSources(host.codename, signal);
  const archive = join(work, 'package.deb');
  say(`downloading ${debianPath.slice(debianPath.lastIndexOf('/') + 1)}`);
  const url = `${source?.uri.replace(/\/$/, '')}/${debianPath}`;
  await downloadFile(url, archive, { sha256, env: config.outbound.network, signal });
  await run(['dpkg-deb', '--extract', archive, work], { signal });
  return join(work, 'usr/bin', PROGRAM);
}

async function fromSource(work: string, { config: { outbound }, say, signal }: StepContext): Promise<string> {
  const { version } = VHOST_DEVICE_VSOCK;
  say(`compiling ${PROGRAM} ${version}`);
  const path = await findCargo(outbound);
  if (path === undefined) throw new ProvisionError('vsock', 'cargo is not installed; install Rust (https://rustup.rs)');
  const env = cargoEnvironment({ path, env: outbound.cargo });
  await run([path, 'install', '--locked', '--quiet', '--version', version, '--root', work, PROGRAM], { env, signal });
  return join(work, 'bin', PROGRAM);
}
