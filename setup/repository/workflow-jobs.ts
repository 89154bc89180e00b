import { load } from 'js-yaml';

type Variables = Readonly<Record<string, unknown>>;

interface Step {
  readonly run?: string;
  readonly env?: Variables;
}

interface Matrix {
  readonly include?: readonly Variables[];
  readonly [name: string]: readonly unknown[] | undefined;
}

interface Workflow {
  readonly env?: Variables;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly env?: Variables; readonly strategy?: { readonly matrix: Matrix }; readonly steps: Step[] }
    >
  >;
}

/** A step of a GitHub workflow that runs commands, for one combination of its job's matrix. */
export interface RunStep {
  /** Job and combination, for messages. */
  readonly where: string;
  readonly run: string;
  readonly env: Readonly<Record<string, string>>;
}

/** The steps of a GitHub workflow that run commands, for every combination of each job's matrix. */
export function runSteps(workflow: string): readonly RunStep[] {
  const { env, jobs } = load(workflow) as Workflow;
  return Object.entries(jobs).flatMap(([id, job]) =>
    combinations(job.strategy?.matrix ?? {}).flatMap((matrix) =>
      job.steps.flatMap(({ run, ...step }) =>
        run === undefined
          ? []
          : {
              where: [id, ...Object.values(matrix)].join(' '),
              run: expanded(run, matrix),
              env: Object.fromEntries(
                Object.entries({ ...env, ...job.env, ...step.env }).map(([name, value]) => [
                  name,
                  expanded(String(value), matrix),
                ]),
              ),
            },
      ),
    ),
  );
}

/**
 * The combinations of a matrix. An entry of `include` adds to the combinations that it does not contradict, else it is one of its own.
 * Source: jobs.<job_id>.strategy.matrix.include of GitHub's workflow syntax.
 */
export function combinations({ include = [], ...lists }: Matrix): readonly Variables[] {
  const product = Object.entries(lists).reduce<Variables[]>(
    (found, [name, values = []]) => found.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))),
    [{}],
  );
  const own = Object.keys(lists).length === 0 ? [] : product;
  const fits = (entry: Variables, one: Variables): boolean =>
    Object.entries(entry).every(([name, value]) => !(name in lists) || one[name] === value);
  const all = own.map((one) => Object.assign({}, one, ...include.filter((entry) => fits(entry, one))) as Variables);
  const others = include.filter((entry) => !own.some((one) => fits(entry, one)));
  return all.length + others.length === 0 ? product : [...all, ...others];
}

/** A text with the values of the matrix. Expressions of other contexts, which only GitHub knows, are rejected. */
function expanded(text: string, matrix: Variables): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const [, name] = /^matrix\.(\w+)$/.exec(expression) ?? [];
    if (name === undefined) throw new Error(`\${{ ${expression} }}: only values of the matrix can be checked`);
    return String(matrix[name] ?? '');
  });
}

/** The commands of pnpm and of this project in a script of a shell, without `pnpm`. */
export function commandsIn(script: string): readonly (readonly string[])[] {
  const found = script.matchAll(
    /(?:^|[\s;&|])(pnpm|node setup\/commands\/kata\.ts)((?:[ \t]+(?:"[^"]*"[^\s;&|"]*|[^\s;&|"]+))+)/g,
  );
  return [...found].map(([, program, line = '']) => {
    const words = (line.match(/"[^"]*"\S*|\S+/g) ?? []).map((word) => word.replaceAll('"', ''));
    return program === 'pnpm' ? words : ['kata', ...words];
  });
}
