import { command, type KataCommand } from './kata-command.ts';

/** Functions that declare the commands of `pnpm kata`, in the order of its help. */
const COMMANDS: ReadonlyMap<string, () => Promise<KataCommand>> = new Map(
  Object.entries({
    plan: async () => (await import('./plan.ts')).planCommand(),
    doctor: async () => (await import('./doctor.ts')).doctorCommand(),
    teardown: async () => (await import('./teardown.ts')).teardownCommand(),
    ccv0: async () => (await import('./ccv0.ts')).ccv0Command(),
    devvm: async () => (await import('./devvm.ts')).devvmCommand(),
    watch: async () => (await import('./watch.ts')).watchCommand(),
    endpoint: async () => (await import('./endpoint.ts')).endpointCommand(),
    protos: async () => (await import('./protos.ts')).protosCommand(),
    shards: async () => (await import('./shards.ts')).shardsCommand(),
    bench: async () => (await import('./bench.ts')).benchCommand(),
    soak: async () => (await import('./soak.ts')).soakCommand(),
    faults: async () => (await import('./faults.ts')).faultsCommand(),
    mutants: async () => (await import('./mutants.ts')).mutantsCommand(),
    releases: async () => (await import('./releases.ts')).releasesCommand(),
    bisect: async () => (await import('./bisect.ts')).bisectCommand(),
    fuzz: async () => (await import('./fuzz.ts')).fuzzCommand(),
    image: async () => (await import('./image.ts')).imageCommand(),
    provenance: async () => (await import('./provenance.ts')).provenanceCommand(),
    settings: async () => (await import('./settings.ts')).settingsCommand(),
    reference: async () => (await import('./reference.ts')).referenceCommand(),
    schema: async () => (await import('./schema.ts')).schemaCommand(),
  }),
);

/**
 * The program of `pnpm kata`. If `words` begins with a command, only that one is declared: loading the others takes
 * seconds under software emulation.
 */
export async function kataProgram(words: readonly string[] = []): Promise<KataCommand> {
  const program = command('pnpm kata', 'Set-up, checks and tools of this project; `pnpm test` runs the suites.');
  // `devvm run` and `devvm test` pass their arguments on.
  program.enablePositionalOptions();
  const named = COMMANDS.get(words.find((word) => word !== '--') ?? '');
  for (const declare of named === undefined ? COMMANDS.values() : [named]) program.addCommand(await declare());
  return program.addHelpText('after', '\nEnvironment variables configure all commands; docs/settings.md lists them.');
}
