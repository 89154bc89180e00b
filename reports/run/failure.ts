import { relative } from 'node:path';
import { inspect, stripVTControlCharacters } from 'node:util';
import type { Failure } from '../model.ts';
import { differingFields } from './differing-fields.ts';

/** Longest text of a failure in a report, in characters; of a longer text the beginning and the end are kept. */
const LONGEST = 65_536;
const MOST_FRAMES = 50;
const MOST_CAUSES = 5;

/** Name of the error of a disposal that failed after another failure, which it has as `suppressed`. */
const SUPPRESSED = 'SuppressedError';

/** Properties that Vitest adds to a thrown value, or copies from its class. */
const NOT_ITS_OWN = /^(?:constructor|toString|stack|stacks|stackStr|name|diff|showDiff|type|VITEST_\w+)$/;

/**
 * Describes a thrown value for a report. Never throws: Vitest passes thrown values serialised, so any field of an error
 * can be missing.
 */
export function failureOf(error: unknown, root: string): Failure {
  try {
    return describe(error, root);
  } catch (problem) {
    return { name: 'Error', message: `the thrown value cannot be described: ${shown(problem)}`, stack: [] };
  }
}

/** A thrown value as text of bounded length. Never throws. */
export function shown(value: unknown): string {
  if (value instanceof Error && typeof value.message === 'string') return bounded(value.message);
  try {
    return bounded(
      inspect(value, {
        customInspect: false,
        showProxy: true,
        depth: 3,
        maxArrayLength: 20,
        maxStringLength: 1_000,
        breakLength: Number.POSITIVE_INFINITY,
      }),
    );
  } catch {
    return `a value of type ${typeof value} that cannot be shown`;
  }
}

function describe(error: unknown, root: string): Failure {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', message: `${shown(error)} was thrown, which is not an error`, stack: [] };
  }
  const { name, message, diff, stacks, code } = error as Readonly<Record<string, unknown>>;
  const frames = framesOf(stacks, root);
  if (name === SUPPRESSED) return describeSuppressed(error, root, frames);
  const causes = causesOf(error);
  const kind = typeof name === 'string' && name !== '' ? plain(name) : 'Error';
  const shownDiff = typeof diff === 'string' ? plain(diff) : '';
  return {
    name: kind,
    ...(typeof code === 'string' ? { code: plain(code) } : {}),
    message:
      typeof message === 'string'
        ? withFields(plain(message), shownDiff) || `${kind} without a message`
        : ownFields(error),
    ...(causes.length === 0 ? {} : { causes }),
    ...(shownDiff === '' ? {} : { diff: shownDiff }),
    ...located(frames),
  };
}

/**
 * Adds the differing fields to the first line of a message, where an assertion shortens both values so much that
 * different faults look alike: `expected { containerId: 'ctr-…', …(5) } to match object { … }: differs in cause`.
 */
function withFields(message: string, diff: string): string {
  const fields = differingFields(diff);
  return fields === '' ? message : message.replace(/$|(?=\n)/, () => `: differs in ${fields}`);
}

/** Describes the failure that came first, and appends those of the disposals that followed it. */
function describeSuppressed(error: object, root: string, frames: readonly Frame[]): Failure {
  const { error: disposal, suppressed } = error as Readonly<Record<string, unknown>>;
  const [first, later] = [describe(suppressed, root), describe(disposal, root)];
  const causes = [...(first.causes ?? []), ...(later.causes ?? [])];
  return {
    ...first,
    message: bounded(`${first.message}\nand disposal failed: ${later.message}`),
    ...(causes.length === 0 ? {} : { causes }),
    // Vitest resolves the stack of the outermost error only.
    ...(first.stack.length === 0 ? located(frames) : {}),
  };
}

function located(frames: readonly Frame[]): Pick<Failure, 'where' | 'stack'> {
  const [first] = frames;
  return {
    ...(first === undefined ? {} : { where: first.place }),
    stack: frames.map(({ method, place }) => (method === '' ? place : `${method} ${place}`)),
  };
}

/**
 * The causes of an error, nearest first: `cause`, the `errors` of an AggregateError, and both errors of a SuppressedError.
 * The chain can be cyclic.
 */
function causesOf(error: object): string[] {
  const causes: string[] = [];
  const queue = ledTo(error);
  for (let cause = queue.shift(); cause !== undefined && causes.length < MOST_CAUSES; cause = queue.shift()) {
    causes.push(cause instanceof Object ? causeOf(cause) : shown(cause));
    if (cause instanceof Object) queue.push(...ledTo(cause));
  }
  return causes;
}

function ledTo(error: object): unknown[] {
  const { name, cause, errors, suppressed, error: disposal } = error as Readonly<Record<string, unknown>>;
  const both = name === SUPPRESSED ? [suppressed, disposal] : [];
  return [...(Array.isArray(errors) ? errors : []), ...both, cause].filter((one) => one !== undefined && one !== null);
}

function causeOf(cause: object): string {
  const { message, name } = cause as Readonly<Record<string, unknown>>;
  const kind = typeof name === 'string' && name !== '' ? plain(name) : 'Error';
  return typeof message === 'string' ? `${kind}: ${plain(message)}` : shown(cause);
}

/** Describes a thrown object without a message by its own fields. */
function ownFields(error: object): string {
  const own = Object.entries(error).filter(([key, value]) => !NOT_ITS_OWN.test(key) && value !== undefined);
  return `an object without a message was thrown: ${shown(Object.fromEntries(own))}`;
}

interface Frame {
  readonly method: string;
  readonly place: string;
}

function framesOf(stacks: unknown, root: string): Frame[] {
  if (!Array.isArray(stacks)) return [];
  return stacks.slice(0, MOST_FRAMES).flatMap((frame: unknown) => {
    const { file, line, column, method } = (frame ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof file !== 'string') return [];
    const place = `${relative(root, file)}:${Number(line)}:${Number(column)}`;
    return [{ method: typeof method === 'string' ? method : '', place }];
  });
}

/** Removes colours from a text, which Vitest's diffs and messages contain. */
function plain(text: string): string {
  return bounded(stripVTControlCharacters(text));
}

function bounded(text: string): string {
  if (text.length <= LONGEST) return text;
  const half = LONGEST / 2;
  return `${text.slice(0, half)}\n… ${text.length - LONGEST} characters left out …\n${text.slice(-half)}`;
}
