import { containerSpec } from '../../../fixtures/container/spec.ts';
import { IMAGES } from '../../../fixtures/images/catalogue.ts';
import { type Agent, connectAgent } from '../../../helpers/rpc/agent.ts';
import { loadAgentProtos } from '../../../protos/load.ts';
import type { CommandContext } from './command.ts';
import { addressOf, chooseSandbox } from './sandbox.ts';

/** Container id in the walk-through of the CCv0 branch's documentation. */
const CONTAINER_ID = '0123456789';

/**
 * Timeout of PullImage and CreateContainer of a `pnpm ccv0` command, in milliseconds; a pull also unpacks the image.
 */
const CALL_MS = 60_000;

/** `pnpm ccv0` command that calls PullImage on the agent of a sandbox. */
export async function pullImage({ args, config }: CommandContext): Promise<void> {
  await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
  const { containerId = CONTAINER_ID, pullImage: image = IMAGES.signed.reference, sourceCreds = '' } = config;
  const { imageRef } = await agent.pullImage({ image, containerId, sourceCreds });
  console.log(`pulled ${imageRef} as ${containerId}`);
}

/**
 * `pnpm ccv0` command that calls CreateContainer on the agent of a sandbox, with the image that was pulled under the
 * container's id.
 */
export async function createContainer({ args, config }: CommandContext): Promise<void> {
  await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
  const { containerId = CONTAINER_ID } = config;
  const root = { Path: `/run/kata-containers/${containerId}/rootfs`, Readonly: false };
  const spec = { ...containerSpec(containerId, { args: ['/bin/sh'] }), Root: root };
  await agent.createContainer({ containerId, execId: containerId, OCI: spec });
  console.log(`created ${containerId}`);
}

/** `pnpm ccv0` command that lists the RPC methods of a sandbox's agent. */
export async function listCommands({ args, config }: CommandContext): Promise<void> {
  await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
  console.log(agent.methods.join('\n'));
}

async function agentOf(sandboxId: string, protos: string | undefined): Promise<Agent> {
  const address = await addressOf(sandboxId);
  return connectAgent(address, {
    protos: loadAgentProtos({ generation: 'skopeo', directory: protos }),
    timeoutMs: CALL_MS,
  });
}
