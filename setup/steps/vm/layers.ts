import { cp, mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ReusePort } from '../../../helpers/contract/target.ts';
import { DEFAULT_POLICY_FILE } from '../../../helpers/kata/default-policy.ts';
import { digestText } from '../../engine/digest.ts';
import { projectPath } from '../../project.ts';
import type { ArtefactStep } from '../../step.ts';
import { standInAgent } from '../agent/agent.ts';
import { agentStep } from '../agent/agent-choice.ts';
import { cdh } from '../agent/cdh.ts';
import { policyOfCustomAgent } from '../agent/custom-agent.ts';
import { guestComponents } from '../agent/guest-components.ts';
import { reusePort } from '../agent/reuse-port.ts';
import { guestEtc } from '../images/guest-etc.ts';
import { packages } from '../packages.ts';
import { layerIn, makeLayer, place } from './layer-image.ts';

/*
 * Layers on top of the guest's root file system. Each is a disk image, so that a changed agent or policy rebuilds in
 * seconds: Node.js if something in the guest needs it (node-layer.ts), the agent, the CDH, the guest components, and last /etc/containers.
 */

/** Path of the script in a guest that starts the CDH, in guests that have one. */
const START_CDH = '/usr/sbin/start-cdh';
const CDH_SCRIPT = projectPath('setup/guest/start-cdh.sh');
/**
 * Path at which an agent that starts the CDH names this file, and its content in upstream's root file system: the CDH unwraps keys of images
 * itself. Source: OCICRYPT_CONFIG_PATH in src/agent/src/main.rs of Kata; src/image/ocicrypt_config.json of guest-components.
 */
const OCICRYPT_CONFIG = 'etc/ocicrypt_config.json';
const KEY_PROVIDERS = {
  'key-providers': { 'attestation-agent': { ttrpc: 'unix:///run/confidential-containers/cdh.sock' } },
};
const ATTESTATION_AGENT = projectPath('setup/guest/attestation-agent.sh');

/**
 * Step that builds the layer with the stand-in agent, and with socat on the vsock ports on which a real agent listens.
 */
export const standInLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'stand-in-layer',
  module: import.meta.url,
  title: 'stand-in agent layer',
  needs: () => [packages, standInAgent],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      const { path } = context.result(standInAgent);
      const home = '/opt/stand-in-agent';
      await cp(dirname(path), join(root, home), { recursive: true });
      await startedBy(root, [
        // socat starts once the stand-in agent listens: until then the kernel refuses connections, for which socat
        // would fork.
        'listens=/run/agent-listens',
        '[ -e "$listens" ] || mkfifo "$listens"',
        '{',
        '  read -r _ <"$listens"',
        '  for port in 1024 1026; do',
        '    socat -t 0.05 "VSOCK-LISTEN:$port,fork,reuseaddr" "UNIX-CONNECT:/run/agent-$port.sock" 2>/dev/null &',
        '  done',
        '} &',
        // The stand-in agent is interpreted (--jitless): under software emulation, QEMU would have to translate the
        // code that V8 compiles once more.
        `exec node --jitless ${home}/${basename(path)} --sockets /run/agent- --tell "$listens" \${1:+--wait-for "$1"}`,
      ]);
    }),
  read: layerIn,
};

/** Step that builds the layer with a kata-agent and its default policy, at their paths in upstream's rootfs. */
export const kataAgentLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'kata-agent-layer',
  module: import.meta.url,
  title: 'kata-agent layer',
  needs: (config) => [packages, agentStep(config), reusePort],
  timeoutMs: 60_000,
  // An agent that set-up built is identified by the inputs of its step, the user's own by its contents.
  inputs: (config) =>
    config.agent === 'source'
      ? {}
      : {
          files: { 'the agent': config.agent },
          digests: { 'default policy': async () => digestText(policyOfCustomAgent(config)) },
        },
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      const { defaultPolicy, path } = context.result(agentStep(context.config));
      await place(path, join(root, 'usr/bin/kata-agent'), 0o755);
      const allowed = context.result(reusePort);
      if (allowed !== undefined) await place(allowed.program, join(root, ALLOW_REUSE_PORT), 0o755);
      if (defaultPolicy !== undefined) await place(defaultPolicy, join(root, DEFAULT_POLICY_FILE), 0o644);
      await startedBy(root, [
        ...(allowed === undefined ? [] : allowReusePort(allowed)),
        `[ ! -x ${START_CDH} ] || ${START_CDH} || exit`,
        'exec /usr/bin/kata-agent',
      ]);
    }),
  read: layerIn,
};

/** Step that builds the layer with the CDH, at its path in upstream's rootfs. */
export const cdhLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'cdh-layer',
  module: import.meta.url,
  title: 'CDH layer',
  feature: 'CDH',
  needs: () => [packages, cdh],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      await place(context.result(cdh).path, join(root, 'usr/local/bin/confidential-data-hub'), 0o755);
      await place(CDH_SCRIPT, join(root, START_CDH), 0o755);
      await place(ATTESTATION_AGENT, join(root, 'usr/local/bin/attestation-agent.sh'), 0o755);
      await mkdir(join(root, 'etc'), { recursive: true });
      await writeFile(join(root, OCICRYPT_CONFIG), JSON.stringify(KEY_PROVIDERS));
    }),
  read: layerIn,
};

/** Step that builds the layer with attestation-agent and api-server-rest, where an agent of main looks for them. */
export const guestComponentsLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'guest-components-layer',
  module: import.meta.url,
  title: 'guest components layer',
  feature: 'guest components',
  needs: () => [packages, guestComponents],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, async (root) => {
      for (const { name, path } of context.result(guestComponents)) {
        await place(path, join(root, 'usr/local/bin', name), 0o755);
      }
    }),
  read: layerIn,
};

/** Step that builds the layer with the guest's /etc/containers: policies, keys, signatures, registries. */
export const etcLayer: ArtefactStep = {
  kind: 'artefact',
  id: 'etc-layer',
  module: import.meta.url,
  title: '/etc/containers layer',
  needs: () => [packages, guestEtc],
  timeoutMs: 60_000,
  inputs: () => ({}),
  make: (directory, context) =>
    makeLayer(directory, context, (root) =>
      cp(context.result(guestEtc).etcContainers, join(root, 'etc/containers'), { recursive: true }),
    ),
  read: layerIn,
};

/** Path of the script with which setup/guest/start.sh starts the agent. */
export const RUN_AGENT = 'usr/sbin/run-agent';

const ALLOW_REUSE_PORT = '/usr/sbin/allow-reuseport';

/** Lines of a shell script that allow SO_REUSEPORT in the whole guest. */
function allowReusePort({ ttrpc }: ReusePort): readonly string[] {
  return [
    `echo "guest: allows SO_REUSEPORT, on which the agent's ttrpc ${ttrpc} insists"`,
    `${ALLOW_REUSE_PORT} || exit`,
  ];
}

function startedBy(root: string, lines: readonly string[]): Promise<void> {
  return place(['#!/bin/busybox sh', ...lines, ''].join('\n'), join(root, RUN_AGENT), 0o755, 'text');
}
