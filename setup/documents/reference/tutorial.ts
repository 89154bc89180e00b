/** Path of the example spec in suites/README.md: a file of the suites, which every run loads. */
export const FIRST_SPEC = 'suites/agent/stats.spec.ts';

/** The beginning of suites/README.md: a first spec, and how to run it. `spec` is the text of {@link FIRST_SPEC}. */
export function tutorial(spec: string): string {
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
   \`-t 'removed container'\` selects tests by name.
2. **See it red**: expect something else, such as \`expectedErrors.noTerminal\`, and run it. A check that has not been seen to fail
   proves nothing; say in the commit how you saw it.
3. **Read the evidence**: a failed test leaves its calls, the guest's console and files, and the host's logs in
   \`reports/out/index.html\`, with the command that runs it again.
4. **Tag what it needs** ([all tags](#tags)): \`containers\` skips the specs above where containers cannot get an image. A run prints
   what it skipped and why. Do not branch on the target or generation: tag the spec, or use \`expectedErrors\`.
5. **A rejection** needs its status and its text (\`toMatchObject\`), what it left behind, and a control that is accepted, as above.
6. **Title**: subject, verb, outcome, as in \`StatsContainer of a removed container is rejected\`.
7. **Undo** what you change in \`guest\`: other tests use it. To change or end a guest, boot one with \`launch\`.
8. **Never sleep**: wait for text on the console with \`guest.console.waitFor\`, or with \`expect.poll\`, and take time limits from
   \`within\` ([all limits](#time-limits)).

\`guest.agent\` has a method for each RPC of the agent's protos, with its name in lower camel case and the fields of the request:
\`guest.agent.statsContainer({ containerId })\`. It rejects with an \`RpcError\`: \`code\` is the status in lower case, \`details\` the
agent's text. The exec id of a container's first process is the container's id: \`await running.wait(containerId)\`. SignalProcess with
an empty exec id means the container: \`guest.agent.signalProcess({ containerId, execId: '', signal: 9 })\`. The last argument
may set a deadline: \`guest.agent.check({}, { timeoutMs: 500 })\`. A new endpoint of a branch:
\`pnpm kata endpoint add GetFoo --from <kata checkout>\`.
`;
}
