import { readFile } from 'node:fs/promises';
import { Type } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import { ConfigError, messageOf } from '../helpers/errors.ts';
import type { Excuses } from './coverage.ts';
import type { Test } from './model.ts';

/** A failure or flake that somebody looks after, until a date. */
export interface KnownIssue {
  /** Id of the test, or how it begins. */
  readonly test: string;
  /** Only failures that look like this; any by default. */
  readonly fingerprint?: string;
  /** Where it is discussed. */
  readonly issue: string;
  /** Last day on which it explains anything, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly why: string;
}

const ISSUES = Type.Array(
  Type.Object(
    {
      test: Type.String({ minLength: 1 }),
      fingerprint: Type.Optional(Type.String({ pattern: '^[0-9a-f]{8}$' })),
      issue: Type.String({ pattern: '^https?://' }),
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

/** Reads the list of known issues. Throws {@link ConfigError} that names file, entry and field. */
export function readKnownIssues(file: string): Promise<readonly KnownIssue[]> {
  return readChecked(file, ISSUES) as Promise<readonly KnownIssue[]>;
}

/** Reads why methods have no spec. Throws {@link ConfigError} that names file and method. */
export function readExcuses(file: string): Promise<Excuses> {
  return readChecked(file, EXCUSES) as Promise<Excuses>;
}

/** The entry that explains a test's failure or flake today; an expired one explains nothing. */
export function issueOf(test: Test, issues: readonly KnownIssue[], today: string): KnownIssue | undefined {
  return issues.find(
    (issue) =>
      issue.expires >= today &&
      test.id.startsWith(issue.test) &&
      (issue.fingerprint === undefined || issue.fingerprint === test.fingerprint),
  );
}

/** Entries whose day is over. */
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
  if (problem)
    throw new ConfigError(`${file}${problem.path}: ${problem.message}, not ${JSON.stringify(problem.value)}`);
  return value;
}
