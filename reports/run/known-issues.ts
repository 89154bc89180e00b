import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { validRange } from 'semver';
import { isAbout, type KnownIssue, namesTest, type Place, placeOf } from '../../helpers/contract/known-issue.ts';
import type { RunFacts } from '../../helpers/contract/run-facts.ts';
import { ConfigError, messageOf } from '../../helpers/errors.ts';
import { KATA_HYPERVISORS } from '../../helpers/kata/hypervisors.ts';
import { KATA_RUNTIMES } from '../../helpers/kata/runtimes.ts';
import type { Test } from '../model.ts';
import type { Excuses } from './coverage.ts';

/** Maximum of `retries` in a known issue: a test that needs more is broken, not flaky. */
const MOST_RETRIES = 2;

const oneOf = <Name extends string>(...names: readonly Name[]) => Type.Union(names.map((name) => Type.Literal(name)));
const TARGETS = oneOf('local', 'vm', 'kata');
const GENERATIONS = oneOf('skopeo', 'image-rs', 'guest-pull');
const RUNTIMES = oneOf(...KATA_RUNTIMES);
const HYPERVISORS = oneOf(...KATA_HYPERVISORS);

const ISSUES = Type.Array(
  Type.Object(
    {
      test: Type.String({ pattern: '^suites/' }),
      targets: Type.Array(TARGETS, { minItems: 1, uniqueItems: true }),
      generations: Type.Optional(Type.Array(GENERATIONS, { minItems: 1, uniqueItems: true })),
      runtimes: Type.Optional(Type.Array(RUNTIMES, { minItems: 1, uniqueItems: true })),
      hypervisors: Type.Optional(Type.Array(HYPERVISORS, { minItems: 1, uniqueItems: true })),
      releases: Type.Optional(Type.String({ minLength: 1 })),
      fingerprint: Type.Optional(Type.String({ pattern: '^[0-9a-f]{8}$' })),
      issue: Type.String({ pattern: '^https?://' }),
      message: Type.Optional(Type.String({ minLength: 10 })),
      retries: Type.Optional(Type.Integer({ minimum: 1, maximum: MOST_RETRIES })),
      expires: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }),
      why: Type.String({ minLength: 10 }),
    },
    { additionalProperties: false },
  ),
);
const EXCUSES = Type.Record(
  Type.String({ pattern: '^(everywhere|local|vm|kata)$' }),
  Type.Record(Type.String({ pattern: '^[\\w.]+/\\w+$' }), Type.String({ minLength: 10 }), {
    additionalProperties: false,
  }),
  { additionalProperties: false },
);

/**
 * Reads the list of known issues (suites/known-issues.json). Throws {@link ConfigError} that names file, entry and
 * field.
 */
export async function readKnownIssues(file: string): Promise<readonly KnownIssue[]> {
  const issues = (await readChecked(file, ISSUES)) as readonly KnownIssue[];
  for (const [index, { expires, message, releases, retries }] of issues.entries()) {
    if (!isDay(expires)) throw new ConfigError(`${file}/${index}/expires: ${JSON.stringify(expires)} is not a date`);
    if (message === undefined && retries !== undefined) {
      throw new ConfigError(`${file}/${index}/retries: needs a message, which identifies the failure`);
    }
    if (releases !== undefined && validRange(releases) === null) {
      throw new ConfigError(
        `${file}/${index}/releases: expected a range of versions such as ">=3.8.0 <3.32.0", not ${JSON.stringify(releases)}`,
      );
    }
    checkExpression(message, `${file}/${index}/message`);
  }
  return issues;
}

/** Whether a text is a date `YYYY-MM-DD`; days that do not exist, such as `2026-02-30`, are rejected. */
function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

function checkExpression(text: string | undefined, where: string): void {
  if (text === undefined) return;
  let expression: RegExp;
  try {
    expression = new RegExp(text);
  } catch (cause) {
    throw new ConfigError(`${where}: expected a regular expression: ${messageOf(cause)}`, { cause });
  }
  if (expression.test('')) throw new ConfigError(`${where}: ${JSON.stringify(text)} matches any failure`);
}

/**
 * Reads the reasons why RPC methods have no spec (suites/uncovered.json). Throws {@link ConfigError} that names file
 * and method.
 */
export function readExcuses(file: string): Promise<Excuses> {
  return readChecked(file, EXCUSES) as Promise<Excuses>;
}

/** The known issue that matches a test's failure or flake and has not expired. */
export function issueOf(
  test: Test,
  issues: readonly KnownIssue[],
  place: Place,
  today: string,
): KnownIssue | undefined {
  return issues.find(
    (issue) =>
      issue.expires >= today &&
      namesTest(issue, test.id) &&
      isAbout(issue, place) &&
      (issue.fingerprint === undefined || issue.fingerprint === test.fingerprint) &&
      (issue.message === undefined ||
        test.failures.some(({ message }) => new RegExp(issue.message ?? '').test(message))),
  );
}

/**
 * Known issues for the targets and generations of these runs that name no existing test: the test was renamed or
 * removed.
 */
export function unmatched(
  issues: readonly KnownIssue[],
  tests: readonly Test[],
  runs: readonly RunFacts[],
): readonly KnownIssue[] {
  const here = issues.filter((issue) => runs.some((run) => isAbout(issue, placeOf(run))));
  return here.filter((issue) => !tests.some(({ id }) => namesTest(issue, id)));
}

/** Known issues past their expiry date. */
export function expired(issues: readonly KnownIssue[], today: string): readonly KnownIssue[] {
  return issues.filter(({ expires }) => expires < today);
}

async function readChecked(file: string, schema: typeof ISSUES | typeof EXCUSES): Promise<unknown> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`${file}: ${messageOf(cause)}`, { cause });
  }
  const [problem] = Value.Errors(schema, value);
  if (problem) {
    const { message, path, schema: wanted } = problem;
    const choices = [wanted['anyOf'] ?? []].flat().map((choice: { const?: unknown }) => JSON.stringify(choice.const));
    const right = choices.length === 0 ? message : `expected one of ${choices.join(', ')}`;
    throw new ConfigError(`${file}${path}: ${right}, not ${JSON.stringify(problem.value)}`);
  }
  return value;
}
