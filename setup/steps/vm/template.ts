import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bootParameters,
  enterParameters,
  STARTS_AGENT,
  TEMPLATE_PARAMETER,
  TEMPLATE_READY,
} from '../../../fixtures/guest/vm-boot.ts';
import type { GuestMachine } from '../../../helpers/contract/target.ts';
import { messageOf } from '../../../helpers/errors.ts';
import { fileConsole } from '../../../helpers/guest-console/console.ts';
import { launchMachine, type Machine, type MachineOptions } from '../../../helpers/qemu/machine.ts';
import { copyMemory, save, templateIn } from '../../../helpers/qemu/template.ts';
import type { ArtefactStep, StepContext } from '../../step.ts';
import { vsock } from '../qemu/vsock.ts';
import { agentDiskSteps, assembleTemplate, templateSteps } from './guest-machine.ts';
import { guestMemory } from './guest-memory.ts';
import { layerIn, makeLayer, place } from './layer-image.ts';
import { RUN_AGENT } from './layers.ts';

const RECORD = 'template.json';
const KEEP_MS = 2 * 3_600_000;
/**
 * Time after which a failed attempt to save a VM template is repeated, in milliseconds: its cause, such as a busy
 * machine, may be gone.
 */
const TRY_AGAIN_MS = 3_600_000;
/** Time limits of the VM that is saved and of the clone, in milliseconds: 40 times what they take on a machine that does nothing else. */
const BOOT_TIMEOUT_MS = 240_000;
const CLONE_TIMEOUT_MS = 60_000;
/**
 * Bytes of an agent's disk in a template. Clones keep this capacity, whatever the size of their own images, so that it only must be larger
 * than any of them.
 */
const AGENT_DISK_BYTES = 4 * 2 ** 30;
/** Line that the agent prints in the clone that tries a template with disks for agents. */
const TRIAL_LINE = /^guest: runs the agent of its own disk\n/m;

interface TemplateRecord {
  /** Why the VM template is unusable, so that guests are booted instead. */
  readonly unusable?: string;
  /**
   * When the attempt to save a template failed, as returned by `Date.now()`; absent if KATA_TEMPLATE=no disabled
   * templates.
   */
  readonly triedAt?: number;
}

/**
 * Step that builds the VM template: a VM that is booted once and saved just before its agent starts, as in Kata's VM
 * templating. Guests are clones of it. The disks with a kata-agent are empty in the template, and each clone has the real ones, so that
 * another agent needs no other template. If saving or continuing the template fails, the record says why, and guests are booted.
 */
export const template: ArtefactStep<GuestMachine['template']> = {
  kind: 'artefact',
  id: 'template',
  module: import.meta.url,
  title: 'VM template',
  needs: (config) => [vsock, guestMemory, ...templateSteps(config)],
  timeoutMs: 600_000,
  // The template's files are large, and rebuilt in seconds, so they are kept for a short time only.
  keepUnusedMs: KEEP_MS,
  inputs: (config, { processor, tools }) => ({
    files: { QEMU: tools['qemu-system-x86_64'] },
    values: {
      memory: String(config.guestMemoryMib),
      processors: String(config.guestCpus),
      'disks for agents': String(agentDiskSteps(config).length),
      processor,
      wanted: String(config.template),
    },
  }),
  async outdated(directory) {
    const { triedAt = Number.POSITIVE_INFINITY } = await readRecord(directory);
    return Date.now() - triedAt > TRY_AGAIN_MS ? 'saving or continuing it failed more than an hour ago' : undefined;
  },
  async make(directory, context) {
    const record: TemplateRecord = context.config.template
      ? await attempt(directory, context)
      : { unusable: 'KATA_TEMPLATE is no' };
    await writeFile(join(directory, RECORD), JSON.stringify(record));
  },
  read: async (directory) => (await readRecord(directory)).unusable ?? templateIn(directory),
};

async function readRecord(directory: string): Promise<TemplateRecord> {
  return JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as TemplateRecord;
}

async function attempt(directory: string, context: StepContext): Promise<TemplateRecord> {
  const { config, result, runDir, say, signal } = context;
  const { accelerator, cpus, disks: layers, initrd, kernel, memoryMib, ...hardware } = assembleTemplate(context);
  const { length: agentDisks } = agentDiskSteps(config);
  const withAgentDisks = (image: string): string[] => [...layers, ...Array<string>(agentDisks).fill(image)];
  const empty = join(runDir, 'empty-disk');
  await writeFile(empty, '');
  await truncate(empty, AGENT_DISK_BYTES);
  const machine: MachineOptions = {
    ...{ accelerator, cpus, initrd, memoryMib, signal },
    dir: join(runDir, 'template'),
    disks: withAgentDisks(empty),
    kernel: kernel.image,
    commandLine: bootParameters({ accelerator, ...hardware }, { layers: layers.length, agentDisks }, [
      TEMPLATE_PARAMETER,
    ]),
    // The template has a network device without forwards; each clone sets its own forwards.
    forwards: [],
  };
  const files = templateIn(directory);
  // The memory of the template's VM is in tmpfs while the VM runs: on a disk, every touched page would be written.
  const memory = join(result(guestMemory), 'template');
  try {
    say('booting');
    await using booted = await launchMachine({ ...machine, memoryFile: memory });
    await saidBy(booted, TEMPLATE_READY, BOOT_TIMEOUT_MS, signal);
    await save(booted.qmp, { ...files, memory });
    await copyMemory({ memory }, files.memory);
    await rm(memory);
    say('trying a clone');
    await using clone = await launchMachine({
      ...machine,
      dir: join(runDir, 'clone'),
      disks: withAgentDisks(await makeTrialDisk(join(runDir, 'trial-disk'), context)),
      template: files,
      vsock: result(vsock),
      memoryFile: memory,
    });
    await using _ = await enterParameters(clone.consoleSocket, '');
    await saidBy(clone, agentDisks === 0 ? STARTS_AGENT : TRIAL_LINE, CLONE_TIMEOUT_MS, signal);
    return {};
  } catch (error) {
    signal.throwIfAborted();
    await rm(files.memory, { force: true });
    await rm(files.state, { force: true });
    return { unusable: `a guest could not be saved and continued: ${messageOf(error)}`, triedAt: Date.now() };
  }
}

/** Makes a disk of a clone in which an agent prints that it runs, and returns its path. */
async function makeTrialDisk(directory: string, context: Pick<StepContext, 'signal'>): Promise<string> {
  await mkdir(directory);
  const script = '#!/bin/busybox sh\necho "guest: runs the agent of its own disk"\nexec sleep 60\n';
  await makeLayer(directory, context, (root) => place(script, join(root, RUN_AGENT), 0o755, 'text'));
  return layerIn(directory);
}

/** Waits for a line on the VM's console; rejects as soon as the VM has ended, for example after a kernel panic. */
async function saidBy(machine: Machine, line: RegExp, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  void machine.qemu.exited.then(() => ended.abort(new Error('the VM ended')));
  const options = { timeoutMs, signal: AbortSignal.any([signal, ended.signal]) };
  await fileConsole(machine.consoleLog).waitFor(line, 0, options);
}
