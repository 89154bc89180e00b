import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentUnderTest, CapabilitySet, LogFile, RegistryEndpoint, Target } from '../helpers/target.ts';
import { environmentOf, secretsOf } from './config.ts';
import type { World } from './run.ts';
import type { Settled } from './settle.ts';
import { standIn, standInAgent } from './steps/agent.ts';
import { containerd } from './steps/containerd.ts';
import { guestEtc } from './steps/guest-etc.ts';
import { images, readDigests } from './steps/images.ts';
import { builtAgent, givenAgent, readBuiltAgent } from './steps/kata-agent.ts';
import { passwordRegistry, registry } from './steps/registry.ts';

/** Puts together what set-up made. */
export async function describeTarget(config: Settled, world: World): Promise<Target> {
  const agent = await agentUnderTest(config, world);
  const { pullImage, ...endpoint } = world.result(containerd);
  return {
    name: config.target,
    banner: banner(agent),
    runId: world.runId,
    runDir: world.runDir,
    reportsDir: config.reportsDir,
    evidence: config.evidence,
    secretsFile: await writeSecrets(world.runDir, world.result(passwordRegistry)),
    logs: logs(world.runDir),
    journalUnits: [],
    environment: environmentOf(),
    agent,
    registry: world.result(registry),
    passwordRegistry: world.result(passwordRegistry),
    containerd: endpoint,
    guestEtcContainers: world.result(guestEtc),
    digests: await readDigests(world.result(images)),
    capabilities: capabilities(agent, pullImage),
    user: await userChoices(config, world.runDir),
    ...protosOf(config, agent),
    slow: 1,
  };
}

/** The agent that set-up has made ready. */
async function agentUnderTest({ agent }: Settled, world: World): Promise<AgentUnderTest> {
  if (agent === 'source') return readBuiltAgent(world.result(builtAgent));
  return agent === 'stand-in' || agent === 'auto' ? standIn(world.result(standInAgent)) : world.result(givenAgent);
}

/** What evidence must not show: the registry's password, and what is secret in our environment. */
async function writeSecrets(
  runDir: string,
  { credentialsFile }: RegistryEndpoint & { readonly credentialsFile: string },
): Promise<string> {
  const file = join(runDir, 'secrets.json');
  const secrets = [await readFile(credentialsFile, 'utf8'), ...secretsOf()];
  await writeFile(file, JSON.stringify(secrets), { mode: 0o600 });
  return file;
}

/** What services of this run write; where an engine runs them for us there is no such file. */
function logs(runDir: string): LogFile[] {
  return [
    { title: 'containerd', path: join(runDir, 'containerd', 'console.log') },
    { title: 'registry', path: join(runDir, 'registry', 'registry.log') },
    { title: 'registry with a password', path: join(runDir, 'password-registry', 'registry.log') },
  ];
}

async function userChoices({ containerId, pullImage, sourceCreds }: Settled, runDir: string): Promise<Target['user']> {
  const credentialsFile = join(runDir, 'source-creds');
  if (sourceCreds !== undefined) await writeFile(credentialsFile, sourceCreds, { mode: 0o600 });
  return {
    ...(pullImage === undefined ? {} : { pullImage }),
    ...(containerId === undefined ? {} : { containerId }),
    ...(sourceCreds === undefined ? {} : { credentialsFile }),
  };
}

/** The user's protos, or else those the agent was built with: whatever it can be asked for can then be called. */
function protosOf({ protos }: Settled, agent: AgentUnderTest): Pick<Target, 'protos'> {
  const directory = protos ?? agent.protos;
  return directory === undefined ? {} : { protos: directory };
}

/** One line that nobody can misread: what answered, and what that proves. */
export function banner(agent: AgentUnderTest): string {
  return agent.kind === 'stand-in'
    ? 'target local: the stand-in agent answered, not Kata. Green means the suites work; it proves nothing about Kata.'
    : `target local: kata-agent ${agent.version}${from(agent)} answered, in namespaces of this machine, not in a virtual machine.`;
}

function from({ commit, source }: AgentUnderTest): string {
  if (source !== undefined) return ` built from ${source}`;
  return commit === undefined ? '' : ` (commit ${commit.slice(0, 10)})`;
}

function capabilities(agent: AgentUnderTest, pullImage: boolean): CapabilitySet {
  const console =
    agent.kind === 'stand-in' ? true : 'a kata-agent offers its debug console on vsock only, and local has none';
  return {
    'agent-rpc': true,
    'debug-console': console,
    'guest-console': true,
    'guest-pull-skopeo':
      agent.generation === 'skopeo' || `the agent is of generation ${agent.generation}, and does not pull with skopeo`,
    'guest-exit': true,
    'runc-compatible-shim': true,
    'ctr-shim-pull-image':
      pullImage || "this machine's ctr has no `shim pull-image`; the confidential-containers fork's has",
    'password-registry': true,
  };
}
