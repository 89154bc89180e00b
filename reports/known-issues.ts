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
  /** Only failures whose message matches this regular expression; any by default. */
  readonly message?: string;
  /** How often a test that fails so is tried again, in a guest that lives; never by default. */
  readonly retries?: number;
  /** Last day on which it explains anything, `YYYY-MM-DD`. */
  readonly expires: string;
  readonly why: string;
}

/** Whatever has to be tried more often is not a flake. */
const MOST_RETRIES = 2;

const ISSUES = Type.Array(
  Type.Object(
    {
      test: Type.String({ minLength: 1 }),
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

/** Reads the list of known issues. Throws {@link ConfigError} that names file, entry and field. */
export async function readKnownIssues(file: string): Promise<readonly KnownIssue[]> {
  const issues = (await readChecked(file, ISSUES)) as readonly KnownIssue[];
  for (const [index, { message, retries }] of issues.entries()) {
    if (message === undefined && retries !== undefined) {
      throw new ConfigError(`${file}/${index}/retries: only with a message, by which the failure is known`);
    }
    checkExpression(message, `${file}/${index}/message`);
  }
  return issues;
}

function checkExpression(text: string | undefined, where: string): void {
  try {
    new RegExp(text ?? '');
  } catch (cause) {
    throw new ConfigError(`${where}: wanted a regular expression: ${messageOf(cause)}`, { cause });
  }
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
      (issue.fingerprint === undefined || issue.fingerprint === test.fingerprint) &&
      (issue.message === undefined ||
        test.failures.some(({ message }) => new RegExp(issue.message ?? '').test(message))),
  );
}

/** When and how often Vitest tries a test again; `undefined` when no issue of today asks for it. */
export function retryOf(
  issues: readonly KnownIssue[],
  today: string,
): { readonly count: number; readonly condition: RegExp } | undefined {
  const tried = issues.filter(({ expires, retries }) => retries !== undefined && expires >= today);
  if (tried.length === 0) return undefined;
  return {
    count: Math.max(...tried.map(({ retries = 0 }) => retries)),
    condition: new RegExp(tried.map(({ message }) => `(?:${message})`).join('|')),
  };
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
