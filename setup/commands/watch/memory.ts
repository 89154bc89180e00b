/** What is remembered of a spec file from the last runs of its tests. */
export interface Remembered {
  /** Methods that its tests or their fixtures called, by full name, sorted. */
  readonly methods: readonly string[];
  /** Ids of its tests that failed when they last ran. */
  readonly failed: readonly string[];
}

/** What is remembered of spec files, by path relative to the project. */
export type Memory = ReadonlyMap<string, Remembered>;

/** The properties of a test in report.json that are read here. */
export interface ReportedTest {
  readonly id: string;
  readonly file: string;
  readonly outcome: string;
  /** Set if the test did not start. */
  readonly notTried?: string;
  readonly calls: readonly { readonly method: string }[];
  readonly fixtureMethods?: readonly string[];
}

/** The memory after a run with these tests. Tests that did not start keep what is remembered of their file. */
export function remember(memory: Memory, tests: readonly ReportedTest[]): Memory {
  const next = new Map(memory);
  for (const file of new Set(tests.map((test) => test.file))) {
    const own = tests.filter((test) => test.file === file);
    const tried = own.filter(({ notTried }) => notTried === undefined);
    if (tried.length === 0) continue;
    const before = memory.get(file);
    const ids = new Set(tried.map(({ id }) => id));
    const kept = tried.length === own.length ? undefined : before;
    const called = tried.flatMap(({ calls, fixtureMethods = [] }) => [
      ...calls.map(({ method }) => method),
      ...fixtureMethods,
    ]);
    next.set(file, {
      methods: [...new Set([...(kept?.methods ?? []), ...called])].sort(),
      failed: [
        ...(kept?.failed ?? []).filter((id) => !ids.has(id)),
        ...tried.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id),
      ],
    });
  }
  return next;
}

/** The files among `files` that a run did not finish: a test of theirs was not reached, or none is in the report. */
export function unfinished(files: readonly string[], tests: readonly ReportedTest[]): readonly string[] {
  return files.filter((file) => {
    const own = tests.filter((test) => test.file === file);
    return own.length === 0 || own.some(({ notTried }) => notTried === 'not reached');
  });
}
