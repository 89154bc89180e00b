import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bootParameters,
  enterParameters,
  STARTS_AGENT,
  TEMPLATE_PARAMETER,
  TEMPLATE_READY,
} from '../../fixtures/vm-boot.ts';
import { fileConsole } from '../../helpers/console.ts';
import { messageOf } from '../../helpers/errors.ts';
import { launchMachine, type Machine, type MachineOptions } from '../../helpers/qemu/machine.ts';
import { copyMemory, save, templateIn } from '../../helpers/qemu/template.ts';
import type { GuestMachine } from '../../helpers/target.ts';
import type { Settled } from '../settle.ts';
import type { ArtefactStep, StepContext } from '../step.ts';
import { assemble, machineSteps } from './guest-machine.ts';
import { guestMemory } from './guest-memory.ts';
import { readVsock, vsock } from './vsock.ts';

const RECORD = 'template.json';
const KEEP_MS = 2 * 3_600_000;
/** What stood in the way may be over by then: a machine that was busy, for one. */
const TRY_AGAIN_MS = 3_600_000;
const BOOT_TIMEOUT_MS = 60_000;
const CLONE_TIMEOUT_MS = 20_000;

interface Record {
  /** Why guests are booted instead. */
  readonly unusable?: string;
  /** When that was found out, as `Date.now()` has it; absent when it was asked for. */
  readonly triedAt?: number;
}

/**
 * A machine that was booted once and stopped just before its agent would have started, as in Kata's VM templating.
 * Guests are clones of it. Where saving or continuing does not work the record says so, and guests are booted.
 */
export function template(config: Pick<Settled, 'agent' | 'dataHub'>): ArtefactStep {
  return {
    kind: 'artefact',
    id: 'template',
    module: import.meta.url,
    title: 'a booted guest to clone',
    needs: [vsock, guestMemory, ...machineSteps(config)],
    timeoutMs: 300_000,
    // Large, and made in seconds.
    keepUnusedMs: KEEP_MS,
    inputs: ({ guestCpus, guestMemoryMib, template: wanted }, { processor, tools }) => ({
      files: { QEMU: tools['qemu-system-x86_64'] },
      values: { memory: String(guestMemoryMib), processors: String(guestCpus), processor, wanted: String(wanted) },
    }),
    async outdated(directory) {
      const { triedAt = Number.POSITIVE_INFINITY } = await readRecord(directory);
      return Date.now() - triedAt > TRY_AGAIN_MS ? 'it did not work an hour ago' : undefined;
    },
    async make(directory, context) {
      const record: Record = context.config.template
        ? await attempt(directory, context)
        : { unusable: 'KATA_TEMPLATE is no' };
      await writeFile(join(directory, RECORD), JSON.stringify(record));
    },
  };
}

/** What was made: files to clone guests from, or why not. */
export async function readTemplate(directory: string): Promise<GuestMachine['template']> {
  const { unusable } = await readRecord(directory);
  return unusable ?? templateIn(directory);
}

async function readRecord(directory: string): Promise<Record> {
  return JSON.parse(await readFile(join(directory, RECORD), 'utf8')) as Record;
}

async function attempt(directory: string, context: StepContext): Promise<Record> {
  const { config, result, runDir, say, signal } = context;
  const { accelerator, cpus, disks, initrd, kernel, memoryMib, ...hardware } = await assemble(config, result);
  const machine: MachineOptions = {
    ...{ accelerator, cpus, disks, initrd, memoryMib, signal },
    dir: join(runDir, 'template'),
    kernel: kernel.image,
    commandLine: bootParameters({ accelerator, ...hardware }, disks.length, [TEMPLATE_PARAMETER]),
    // The device has to be there; where its connections lead is each clone's affair.
    forwards: [],
  };
  const files = templateIn(directory);
  // Not on a disk while it runs: every page that is touched would be written.
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
      template: files,
      vsock: await readVsock(result(vsock)),
      memoryFile: memory,
    });
    await using _ = await enterParameters(clone.consoleSocket, '');
    await saidBy(clone, STARTS_AGENT, CLONE_TIMEOUT_MS, signal);
    return {};
  } catch (error) {
    signal.throwIfAborted();
    await rm(files.memory, { force: true });
    await rm(files.state, { force: true });
    return { unusable: `a saved guest could not be continued: ${messageOf(error)}`, triedAt: Date.now() };
  }
}

/** Waits until a machine has said this; gives up as soon as it has ended, as one does whose kernel panics. */
async function saidBy(machine: Machine, line: RegExp, timeoutMs: number, signal: AbortSignal): Promise<void> {
  const ended = new AbortController();
  void machine.qemu.exited.then(() => ended.abort(new Error('the machine ended')));
  const options = { timeoutMs, signal: AbortSignal.any([signal, ended.signal]) };
  await fileConsole(machine.consoleLog).waitFor(line, 0, options);
}
