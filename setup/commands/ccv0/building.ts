import { installationOf } from '../../installation/installation.ts';
import { installFiles } from '../../installation/kata-files.ts';
import { IMAGE_FILE, KERNEL_FILE, readBundle } from '../../steps/kata/kata-bundle.ts';
import { kataImageIn } from '../../steps/kata/kata-image.ts';
import { runtimeTreeIn } from '../../steps/kata/kata-runtime.ts';
import { kernelTreeIn } from '../../steps/kernel/kata-kernel.ts';
import { readKernel } from '../../steps/kernel/kernel.ts';
import { readKataQemu } from '../../steps/qemu/kata-qemu.ts';
import { type Build, build } from './build.ts';

/** Builds a Kata install bundle and prints its path. */
export async function printBundle(context: Build): Promise<void> {
  console.log(await build(context, 'bundle'));
}

/** Builds a Kata install bundle and installs it on this machine. */
export async function installBundle(context: Build): Promise<void> {
  const { root } = await readBundle(await build(context, 'bundle'));
  await installFiles(installationOf(context.config), root);
}

/** Installs the distribution's packages, and fetches Kata's source. */
export async function fetchSource(context: Build): Promise<void> {
  await build(context, 'source');
}

/** Builds Kata's runtime and shim and installs them on this machine. */
export async function installRuntime(context: Build): Promise<void> {
  await installationOf(context.config).copy(runtimeTreeIn(await build(context, 'runtime')), '/');
}

/** Builds the guest's root file system without an agent and prints its path. */
export async function printRootfs(context: Build): Promise<void> {
  console.log(await build(context, 'rootfs'));
}

/** Builds the guest image with the agent and prints its path. */
export async function printImage(context: Build): Promise<void> {
  console.log(await build(context, 'image'));
}

/** Builds the guest image and installs it on this machine. */
export async function installImage(context: Build): Promise<void> {
  await installationOf(context.config).copy(kataImageIn(await build(context, 'image')), IMAGE_FILE);
}

/** Builds the guest kernel and installs it on this machine. */
export async function installKernel(context: Build): Promise<void> {
  const made = await build(context, 'kernel');
  const tree = await kernelTreeIn(made);
  const installation = installationOf(context.config);
  if (tree !== undefined) await installation.copy(tree, '/');
  else await installation.copy((await readKernel(made)).image, KERNEL_FILE);
}

/** Installs the distribution's QEMU, or builds and installs upstream's. */
export async function installQemu(context: Build): Promise<void> {
  const qemu = await readKataQemu(await build(context, 'qemu'));
  if (qemu !== undefined) await installationOf(context.config).copy(qemu.root, '/');
}
