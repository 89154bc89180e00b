import type { Command, CommandContext } from './command.ts';

/**
 * All `pnpm ccv0` commands, in the order of `help`. Each command loads its modules when it runs, because the commands
 * need different ones.
 */
export const COMMANDS: Readonly<Record<string, Command>> = {
  all: {
    builds: true,
    does: 'Build and install everything, test Kata with containerd and capture the logs',
    run: (context) => latestOnly(context, ['build_and_install_all', 'test_capture_logs']),
  },
  build: {
    builds: true,
    does: 'Build the install bundle and print its path, for KATA_BUNDLE on another machine; installs nothing',
    run: async (context) => (await import('./building.ts')).printBundle(context),
  },
  build_and_install_all: {
    builds: true,
    does: 'Build and install everything',
    run: async (context) => {
      await (await import('./building.ts')).installBundle(context);
      await latestOnly(context, ['configure']);
    },
  },
  initialize: {
    does: 'Install dependencies and fetch the Kata source',
    run: async (context) => (await import('./building.ts')).fetchSource(context),
  },
  initialise: {
    does: 'Same as initialize; the spelling of the original script',
    run: (context) => latestOnly(context, ['initialize']),
  },
  rebuild_and_install_kata: {
    builds: true,
    does: 'Rebuild runtime, agent and image if their source has changed, and install them',
    run: (context) => latestOnly(context, ['build_and_install_all']),
  },
  build_kata_runtime: {
    builds: true,
    does: 'Build and install the Kata runtime and shim',
    run: async (context) => (await import('./building.ts')).installRuntime(context),
  },
  configure: {
    does: 'Configure Kata: image, debug, debug console, policy; shows the changes',
    run: async (context) => (await import('./installed.ts')).configure(context),
  },
  create_rootfs: {
    builds: true,
    does: 'Create a local rootfs',
    run: async (context) => (await import('./building.ts')).printRootfs(context),
  },
  build_and_add_agent_to_rootfs: {
    builds: true,
    does: 'Build the kata-agent and add it to the guest image, without rebuilding the rootfs',
    run: async (context) => (await import('./building.ts')).printImage(context),
  },
  build_and_install_rootfs: {
    builds: true,
    does: 'Build and install the rootfs image',
    run: async (context) => (await import('./building.ts')).installImage(context),
  },
  install_guest_kernel: {
    builds: true,
    does: 'Build and install the guest kernel',
    run: async (context) => (await import('./building.ts')).installKernel(context),
  },
  build_qemu: {
    builds: true,
    does: "Install QEMU: the distribution's, or with KATA_QEMU=source one built by upstream's scripts",
    run: async (context) => (await import('./building.ts')).installQemu(context),
  },
  init_kubernetes: {
    does: 'Make this machine a Kubernetes node with kubeadm, with the runtime class kata',
    run: async (context) => (await import('./kubernetes.ts')).initKubernetes(context),
  },
  create_kata_pod: {
    does: 'Create the pod of ~/nginx-kata.yaml (nginx, with the Kata runtime) in Kubernetes',
    run: async (context) => (await import('./pod.ts')).createKataPod(context),
  },
  delete_kata_pod: {
    does: 'Delete that pod and wait until it is gone',
    run: async (context) => (await import('./pod.ts')).deleteKataPod(context),
  },
  restart_kata_pod: {
    does: 'Delete that pod and create it again',
    run: (context) => latestOnly(context, ['delete_kata_pod', 'create_kata_pod']),
  },
  open_kata_console: {
    forSandbox: true,
    does: "Show the output of a sandbox's guest console",
    run: async (context) => (await import('./guest.ts')).openConsole(context),
  },
  open_kata_shell: {
    forSandbox: true,
    does: "Open a root shell in a sandbox's guest",
    run: async (context) => (await import('./guest.ts')).openShell(context),
  },
  agent_pull_image: {
    forSandbox: true,
    does: 'Call PullImage on the agent: PULL_IMAGE as CONTAINER_ID, with SOURCE_CREDS',
    run: async (context) => (await import('./agent.ts')).pullImage(context),
  },
  agent_create_container: {
    forSandbox: true,
    does: 'Call CreateContainer on the agent: CONTAINER_ID, with the image pulled under that id',
    run: async (context) => (await import('./agent.ts')).createContainer(context),
  },
  agent_list_commands: {
    forSandbox: true,
    does: "List the agent's methods",
    run: async (context) => (await import('./agent.ts')).listCommands(context),
  },
  shim_pull_image: {
    forSandbox: true,
    does: 'Pull PULL_IMAGE in the guest through the shim (of the confidential-containers fork)',
    run: async (context) => (await import('./shim.ts')).pullImage(context),
  },
  test: {
    does: 'Test Kata with containerd',
    run: async (context) => (await import('./test-container.ts')).testContainerd(context),
  },
  test_capture_logs: {
    does: 'Test Kata with containerd and print the logs of containerd and Kata',
    run: async (context) => (await import('./test-container.ts')).testCaptureLogs(context),
  },
  undo: {
    does: 'Uninstall everything and restore the original files byte for byte',
    run: async (context) => (await import('./installed.ts')).undo(context),
  },
};

async function latestOnly(context: CommandContext, names: readonly string[]): Promise<void> {
  for (const name of names) await COMMANDS[name]?.run(context);
}
