import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { connectShim } from '../../../helpers/rpc/shim.ts';
import { loadShimProtos } from '../../../protos/load.ts';
import { CONTAINERD } from '../../installation/containerd-endpoint.ts';
import type { CommandContext } from './command.ts';
import { chooseSandbox } from './sandbox.ts';

const PULL_MS = 300_000;

/** Pulls an image in the guest of a sandbox through its shim. */
export async function pullImage({ args, config }: CommandContext): Promise<void> {
  const sandbox = await chooseSandbox(args[0]);
  const { pullImage: image = IMAGES.signed.reference } = config;
  const connected = await connectShim(CONTAINERD, sandbox, { protos: loadShimProtos(), timeoutMs: PULL_MS });
  await using shim = connected.shim;
  const { imageRef } = await shim.pullImage({ image });
  console.log(`pulled ${imageRef}`);
}
