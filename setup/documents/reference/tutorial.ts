import { testsIn } from './spec-uses.ts';

/** Path of the example spec in suites/README.md: a file of the suites, which every run loads. */
export const FIRST_SPEC = 'suites/agent/stats.spec.ts';

/** A test that suites/README.md shows, by its file and its title. */
interface Example {
  readonly path: string;
  readonly title: string;
}

/** The examples besides {@link FIRST_SPEC}. */
export const EXAMPLES = {
  pull: {
    path: 'suites/image/signatures.spec.ts',
    title:
      'PullImage of an unsigned image from a protected registry is rejected, and of a signed one accepted by the same guest',
  },
  pod: {
    path: 'suites/cri/kata.spec.ts',
    title: 'the agent of a pod with the handler kata is reachable by the sandbox id that containerd assigned',
  },
} as const satisfies Readonly<Record<string, Example>>;

/** The beginning of suites/README.md: a first spec, and how to run it. `textOf` returns the text of a spec file. */
export function tutorial(textOf: (path: string) => string): string {
  const spec = textOf(FIRST_SPEC);
  const shown = ({ path, title }: Example): string => `\`\`\`ts\n${exampleIn(textOf(path), { path, title })}\n\`\`\``;
  const tags = ({ path, title }: Example): string => tagsOf(textOf(path), { path, title });
  return `# Write a spec

<!-- Generated from the source by \`pnpm kata reference\`. Do not edit. -->

A spec is a claim about Kata that a test can refute. It imports \`fixtures/test.ts\` and nothing else, names the fixtures it
needs as the test's argument, and says by its tags what a target must be able to do. This is \`${FIRST_SPEC}\`:

\`\`\`ts
${spec.trimEnd()}
\`\`\`

1. **Run it**: \`KATA_TARGET=local KATA_AGENT=stand-in pnpm test ${FIRST_SPEC}\` takes seconds and needs neither Kata nor a VM.
   With \`KATA_AGENT=/path/to/kata-agent\` your own agent answers; \`KATA_TARGET=vm\` runs the guests in QEMU. The stand-in agent is a
   second implementation and may differ where no spec compares the two: a claim about Kata is proved only by a real agent.
   \`-t 'removed container'\` selects tests by name. A new file goes to \`suites/<area>/<name>.spec.ts\` and is found without
   registration; the top-level README.md has a table of the areas, and of the files in \`suites/agent/\` and \`suites/image/\`: add a row there.
2. **See it red**: expect something else, such as \`expectedErrors.noTerminal\`, and run it. A check that has not been seen to fail
   proves nothing; say in the commit how you saw it. Better than a wrong expectation is a wrong agent:
   \`KATA_AGENT=stand-in KATA_MUTANT=bundle-after-rejection\` runs the stand-in agent with that defect (\`pnpm kata mutants --help\`; the list is
   \`setup/mutants/catalogue.ts\`), \`KATA_MUTE=RemoveContainer\` has our client answer that method itself.
3. **Read the evidence**: the first line of a failure is its message: of an assertion what differs, of an RPC
   \`[status] service/Method: text\`. A failed test leaves its calls, the guest's console and files, and the host's logs in
   \`reports/out/index.html\`, with the command that runs it again.
4. **Tag what it needs** ([all tags](#tags)): \`containers\` skips the specs above where containers cannot get an image. A run prints
   what it skipped and why. [The fixtures](#fixtures-of-most-specs) list the tags that they need; step 9 finds a forgotten one. Add
   \`upstream-policy\` to a spec that relies on the default policy of guests, as every rejection by it does, and \`unsigned-images\` to one
   that only pulls unsigned images of an unprotected registry; a spec with a policy of its own (\`launch({ policy })\`, \`withPolicy\`)
   needs neither. Do not branch on the target or generation: tag the spec, or use \`expectedErrors\`.
5. **A rejection** needs its status and its text (\`toMatchObject\`), what it left behind, and a control that is accepted, as above.
   Control and claim are two tests if the control is a claim of its own, as above, and one test if only both together say something
   about one guest, as below.
6. **Title**: subject, verb, outcome, as in \`StatsContainer of a removed container is rejected\`.
7. **Undo** what you change in \`guest\`: other tests use it. To change or end a guest, boot one with \`launch\`. A pulled bundle may
   stay, unless it is large (\`large\`): it takes up the guest's memory. A test may remove or kill \`running\`.
8. **Never sleep**: wait for text on the console with \`guest.console.waitFor\`, or with \`expect.poll\`, and take time limits from
   \`within\` ([all limits](#time-limits)).
9. **Check it**: \`pnpm typecheck\`, \`pnpm format\` and \`pnpm lint\`. \`pnpm test\` does not check types. \`pnpm harness setup/documents\`
   fails for a spec without the tags of its fixtures, and for a file of \`suites/agent/\` or \`suites/image/\` without its row in the top-level README.md.

An image is pulled by \`pull\`, which returns an [outcome](#outcomes-of-pulls). \`expectedOutcome\` has all of it: the status and the text
of the RPC, the cause on the console, the files of the bundle, and that the agent's temporary directory is gone. This is a test of
\`${EXAMPLES.pull.path}\`, with the tags ${tags(EXAMPLES.pull)}:

${shown(EXAMPLES.pull)}

\`startPod\` runs a pod by containerd's CRI, on target \`kata\` with Kata's shim, and returns a [\`Pod\`](#pod); \`attach\` reaches the agent in its
guest. \`createPod\` creates one in Kubernetes, with [\`PodOptions\`](#podoptions). This is a test of \`${EXAMPLES.pod.path}\`, with the
tags ${tags(EXAMPLES.pod)}:

${shown(EXAMPLES.pod)}

\`guest.agent\` has a method for each RPC of the agent's protos, with its name in lower camel case and the fields of the request:
\`guest.agent.statsContainer({ containerId })\`. It rejects with an \`RpcError\`: \`code\` is the status in lower case, \`details\` the
agent's text. 64-bit integers arrive as strings, and a field that is a message may be null: \`Number(…)\` and \`?.\` above. The exec id
of a container's first process is the container's id: \`await running.wait(containerId)\`. SignalProcess with an empty exec id means the
container: \`guest.agent.signalProcess({ containerId, execId: '', signal: 9 })\`. The last argument
may set a deadline: \`guest.agent.check({}, { timeoutMs: 500 })\`. A new endpoint of a branch:
\`pnpm kata endpoint add GetFoo --from <kata checkout>\`.
`;
}

/** An example in the text of its spec file, without indentation. */
function exampleIn(source: string, { path, title }: Example): string {
  const begin = source.indexOf(`  test('${title}'`);
  const end = source.indexOf('\n  });\n', begin);
  if (begin === -1 || end === -1) throw new Error(`${path} has no test "${title}"`);
  return source.slice(begin, end + '\n  });'.length).replaceAll(/^ {2}/gm, '');
}

function tagsOf(source: string, { path, title }: Example): string {
  const found = testsIn(path, source).find((test) => test.title === title);
  return (found?.tags ?? []).map((tag) => `\`${tag}\``).join(', ');
}
