import { containerSpec } from '../../fixtures/container-spec.ts';
import { IMAGES } from '../../fixtures/images.ts';
import { policyPath } from '../../fixtures/policies.ts';
import { CTR_NAMESPACE } from '../../helpers/ctr.ts';
import { run } from '../../helpers/exec.ts';
import { openGuestTerminal } from '../../helpers/guest-terminal.ts';
import { KATA_RUNTIME } from '../../helpers/kata/names.ts';
import { consoleSocket } from '../../helpers/kata/sandbox.ts';
import { connectShim } from '../../helpers/shim-client.ts';
import { dial } from '../../helpers/vsock.ts';
import { loadShimProtos } from '../../protos/load.ts';
import { IMAGE_FILE, KERNEL_FILE } from '../steps/kata-bundle.ts';
import { kataImageIn } from '../steps/kata-image.ts';
import { CONTAINERD, configurationFile, configured } from '../steps/kata-installation.ts';
import { runtimeTreeIn } from '../steps/kata-runtime.ts';
import { readKernel } from '../steps/kernel.ts';
import { type Build, build, install, installation } from './build.ts';
import { agentOf, chooseSandbox, debugConsoleOf } from './sandbox.ts';
import { attachTerminal, terminalSize } from './terminal.ts';

/** What a command is given. */
export interface CommandContext extends Build {
  readonly args: readonly string[];
}

/** One command of the seed's script. */
export interface Command {
  readonly does: string;
  /** Takes options that say which steps are carried out. */
  readonly builds?: true;
  readonly run: (context: CommandContext) => Promise<void>;
}

/** Container id of the seed's walk-through. */
const CONTAINER_ID = '0123456789';
const PULL_MS = 300_000;

// Kubernetes' client takes longer to load than most commands take, and few need it.
const kubernetes = (): Promise<typeof import('./kubernetes.ts')> => import('./kubernetes.ts');
const pods = (): Promise<typeof import('./pod.ts')> => import('./pod.ts');

/** Every command, in the order `help` lists them. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  all: {
    builds: true,
    does: 'Build and install everything, test Kata with containerd and capture the logs',
    run: (context) => inTurn(context, ['build_and_install_all', 'test_capture_logs']),
  },
  build: {
    builds: true,
    does: 'Build everything and install nothing; prints where it is, for KATA_BUNDLE on another machine',
    run: async (context) => console.log(await build(context, 'bundle')),
  },
  build_and_install_all: {
    builds: true,
    does: 'Build and install everything',
    run: async (context) => {
      await install(context, await build(context, 'bundle'));
      await inTurn(context, ['configure']);
    },
  },
  initialize: {
    does: 'Install dependencies and fetch the Kata source',
    run: (context) => build(context, 'source').then(() => {}),
  },
  initialise: { does: 'The same, as the seed spells it', run: (context) => inTurn(context, ['initialize']) },
  rebuild_and_install_kata: {
    builds: true,
    does: 'Rebuild runtime, agent and image where their source has changed, and install them',
    run: (context) => inTurn(context, ['build_and_install_all']),
  },
  build_kata_runtime: {
    builds: true,
    does: 'Build and install the Kata runtime and shim',
    run: async (context) => {
      await installation(context).copy(runtimeTreeIn(await build(context, 'runtime')), '/');
    },
  },
  configure: { does: 'Configure Kata: image, debug, debug console, policy; shows what it changes', run: configure },
  create_rootfs: {
    builds: true,
    does: 'Create a local rootfs',
    run: async (context) => console.log(await build(context, 'rootfs')),
  },
  build_and_add_agent_to_rootfs: {
    builds: true,
    does: 'Build the kata-agent and lay it over the rootfs; the rootfs itself is kept',
    run: async (context) => console.log(await build(context, 'image')),
  },
  build_and_install_rootfs: {
    builds: true,
    does: 'Build and install the rootfs image',
    run: async (context) => {
      await installation(context).copy(kataImageIn(await build(context, 'image')), IMAGE_FILE);
    },
  },
  install_guest_kernel: {
    builds: true,
    does: 'Build and install the guest kernel',
    run: async (context) => {
      const { image } = await readKernel(await build(context, 'kernel'));
      await installation(context).copy(image, KERNEL_FILE);
    },
  },
  build_qemu: { does: "Install QEMU: the distribution's", run: (context) => build(context, 'packages').then(() => {}) },
  init_kubernetes: {
    does: 'Make this machine a Kubernetes node by kubeadm, with the runtime class kata',
    run: async (context) => (await kubernetes()).initKubernetes(context),
  },
  create_kata_pod: {
    does: 'Create the pod of ~/nginx-kata.yaml (nginx, with the Kata runtime) in Kubernetes',
    run: async (context) => (await pods()).createKataPod(context),
  },
  delete_kata_pod: {
    does: 'Delete it, and wait until it is gone',
    run: async (context) => (await pods()).deleteKataPod(context),
  },
  restart_kata_pod: {
    does: 'Delete and create it',
    run: (context) => inTurn(context, ['delete_kata_pod', 'create_kata_pod']),
  },
  open_kata_console: {
    does: "A sandbox's console: what its guest prints",
    run: async ({ args }) => {
      const console = await dial(`unix://${consoleSocket(await chooseSandbox(args[0]))}`);
      try {
        await attachTerminal(console);
      } finally {
        console.destroy();
      }
    },
  },
  open_kata_shell: {
    does: "A root shell in a sandbox's guest",
    run: async ({ args }) => {
      await using shell = await openGuestTerminal(await debugConsoleOf(await chooseSandbox(args[0])), terminalSize());
      await attachTerminal(shell.stream, shell.resize);
    },
  },
  agent_pull_image: {
    does: 'Have the agent pull PULL_IMAGE as CONTAINER_ID, with SOURCE_CREDS',
    run: async ({ args, config }) => {
      await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
      const { containerId = CONTAINER_ID, pullImage = IMAGES.signed.reference, sourceCreds = '' } = config;
      const { imageRef } = await agent.pullImage({ image: pullImage, containerId, sourceCreds });
      console.log(`pulled ${imageRef} as ${containerId}`);
    },
  },
  agent_create_container: {
    does: 'Have the agent create a container CONTAINER_ID of the image that was pulled under that id',
    run: async ({ args, config }) => {
      await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
      const { containerId = CONTAINER_ID } = config;
      const spec = containerSpec(containerId, { args: ['/bin/sh'] });
      await agent.createContainer({ containerId, execId: containerId, OCI: { ...spec, Root: rootOf(containerId) } });
      console.log(`created ${containerId}`);
    },
  },
  agent_list_commands: {
    does: 'List what the agent can be asked for',
    run: async ({ args, config }) => {
      await using agent = await agentOf(await chooseSandbox(args[0]), config.protos);
      console.log(agent.methods.join('\n'));
    },
  },
  shim_pull_image: {
    does: 'Have the guest pull PULL_IMAGE by way of the shim (of the confidential-containers fork)',
    run: async ({ args, config }) => {
      const sandbox = await chooseSandbox(args[0]);
      const { pullImage: image = IMAGES.signed.reference } = config;
      await using shim = await connectShim(CONTAINERD, sandbox, { protos: loadShimProtos(), timeoutMs: PULL_MS });
      const { imageRef } = await shim.pullImage({ image });
      console.log(`pulled ${imageRef}`);
    },
  },
  test: { does: 'Test Kata with containerd', run: testContainerd },
  test_capture_logs: {
    does: 'The same, and print what containerd and Kata logged meanwhile',
    run: async (context) => {
      const since = new Date().toISOString().replace('T', ' ').slice(0, 19);
      await testContainerd(context);
      const logs = ['journalctl', '--utc', '--since', since, '--no-pager', '--unit', 'containerd'];
      console.log((await run(logs)).stdout);
    },
  },
  undo: {
    does: 'Bring back, byte for byte, what was there before anything was installed',
    run: async (context) => {
      const paths = await installation(context).undo();
      console.log(paths.length === 0 ? 'nothing to undo' : paths.map((path) => `undone: ${path}`).join('\n'));
    },
  },
};

async function inTurn(context: CommandContext, names: readonly string[]): Promise<void> {
  for (const name of names) await COMMANDS[name]?.run(context);
}

async function configure(context: CommandContext): Promise<void> {
  const text = await configured([`agent.container_policy_file=${policyPath('quay_policy.json')}`, 'agent.log=debug']);
  const diff = ['diff', '--unified', '--new-file', configurationFile, '-'];
  const { stdout } = await run(diff, { input: text, okCodes: [0, 1] });
  console.log(stdout === '' ? 'already configured' : stdout.trimEnd());
  if (stdout !== '') await installation(context).write(configurationFile, text, 0o640);
}

async function testContainerd({ config }: CommandContext): Promise<void> {
  const id = `ccv0-test-${process.pid}`;
  const command = [
    'run',
    '--rm',
    '--runtime',
    KATA_RUNTIME,
    config.pullImage ?? IMAGES.busybox.reference,
    id,
    'uname',
    '-a',
  ];
  console.log((await run(['ctr', '--namespace', CTR_NAMESPACE, ...command])).stdout.trimEnd());
}

function rootOf(containerId: string): { Path: string; Readonly: boolean } {
  return { Path: `/run/kata-containers/${containerId}/rootfs`, Readonly: false };
}
