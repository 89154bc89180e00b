import { cp } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Settled } from '../settle.ts';
import type { ArtefactStep } from '../step.ts';
import { standIn, standInAgent } from './agent.ts';
import { agentStep, agentUnderTest } from './agent-choice.ts';
import { dataHub, dataHubIn } from './data-hub.ts';
import { etcContainersIn, guestEtc } from './guest-etc.ts';
import { makeLayer, place } from './layer-image.ts';
import { packages } from './packages.ts';
import { projectPath } from './project.ts';

/*
 * What lies on top of the root file system, each an image of its own, so that a changed agent or policy is a matter of
 * seconds: Node.js where something in the guest runs on it (node-layer.ts), the agent, and last /etc/containers.
 */

/** In a guest that has a confidential data hub. */
const START_DATA_HUB = '/usr/sbin/start-data-hub';
const DATA_HUB_SCRIPT = projectPath('setup/guest/start-data-hub.sh');

/** The stand-in, behind the vsock ports a real agent would listen on itself. */
export const standInLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'stand-in-layer',
  module: import.meta.url,
  title: 'the stand-in agent for the guest',
  needs: [packages, standInAgent],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      const { path } = standIn(context.result(standInAgent));
      const home = '/opt/stand-in-agent';
      await cp(dirname(path), join(root, home), { recursive: true });
      await startedBy(root, [
        // Before it listens a connection is refused by the kernel: socat would start a process for each.
        'listens=/run/agent-listens',
        '[ -e "$listens" ] || mkfifo "$listens"',
        '{',
        '  read -r _ <"$listens"',
        '  for port in 1024 1026; do',
        '    socat -t 0.05 "VSOCK-LISTEN:$port,fork,reuseaddr" "UNIX-CONNECT:/run/agent-$port.sock" 2>/dev/null &',
        '  done',
        '} &',
        // Interpreted: what V8 compiles, an emulated processor would have to translate once more.
        `exec node --jitless ${home}/${basename(path)} --sockets /run/agent- --tell "$listens" \${1:+--wait-for "$1"}`,
      ]);
    }),
};

/** A kata-agent, where upstream's rootfs has it. */
export function kataAgentLayer(config: Pick<Settled, 'agent'>): ArtefactStep {
  return {
    kind: 'artefact',
    id: 'kata-agent-layer',
    module: import.meta.url,
    title: 'the kata-agent for the guest',
    needs: [packages, agentStep(config)],
    timeoutMs: 60_000,
    // One that was built is known by what it was built from; one that was given, by its bytes.
    inputs: ({ agent }) => ({ files: { 'the agent': agent === 'source' ? undefined : agent } }),
    make: (directory, context) =>
      makeLayer(directory, context, async (root) => {
        const { path } = await agentUnderTest(context.config, context.result);
        await place(path, join(root, 'usr/bin/kata-agent'), 0o755);
        await startedBy(root, [
          '[ -z "$1" ] || { : >"$1.loaded"; read -r _ <"$1"; }',
          `[ ! -x ${START_DATA_HUB} ] || ${START_DATA_HUB} || exit`,
          'exec /usr/bin/kata-agent',
        ]);
      }),
  };
}

/** The confidential data hub, where upstream's rootfs has it; nothing where there is none. */
export const dataHubLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'data-hub-layer',
  module: import.meta.url,
  title: 'the confidential data hub for the guest',
  needs: [packages, dataHub],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      const hub = await dataHubIn(context.result(dataHub));
      if (hub === undefined) return;
      await place(hub, join(root, 'usr/local/bin/confidential-data-hub'), 0o755);
      await place(DATA_HUB_SCRIPT, join(root, START_DATA_HUB), 0o755);
    }),
};

/** /etc/containers: policies, keys, signatures, registries. */
export const etcLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'etc-layer',
  module: import.meta.url,
  title: "the guest's policy, keys and signatures as an image",
  needs: [packages, guestEtc],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, (root) =>
      cp(etcContainersIn(context.result(guestEtc)), join(root, 'etc/containers'), { recursive: true }),
    ),
};

/** Becomes the agent, in the end of setup/guest/start.sh. */
export const RUN_AGENT = 'usr/sbin/run-agent';

function startedBy(root: string, lines: readonly string[]): Promise<void> {
  return place(['#!/bin/busybox sh', ...lines, ''].join('\n'), join(root, RUN_AGENT), 0o755, 'text');
}
