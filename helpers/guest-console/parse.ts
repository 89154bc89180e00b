import { readGoFields } from './go-log.ts';

/** Levels of the agent's log, most severe first. */
export const LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'trace'] as const;

export type Level = (typeof LEVELS)[number];

/** A parsed line of a guest's console. */
export interface ConsoleLine {
  /**
   * Time of the line in milliseconds since the epoch by the guest's clock, even after that clock was set back; a line
   * without a time has the time of the line before.
   */
  readonly at: number | undefined;
  readonly level: Level;
  /** Origin of the line: a subsystem of the agent, `skopeo`, `kernel`, or `console` for lines of unknown origin. */
  readonly from: string;
  readonly message: string;
  /** Further fields of the log line, by name. */
  readonly pairs?: Readonly<Record<string, string>>;
}

/** Level names of slog and logrus. */
const NAMES: Readonly<Record<string, Level>> = {
  CRIT: 'critical',
  FATA: 'critical',
  ERRO: 'error',
  WARN: 'warning',
  INFO: 'info',
  DEBG: 'debug',
  DEBU: 'debug',
  TRCE: 'trace',
  PANI: 'critical',
  TRAC: 'trace',
  ERROR: 'error',
  DEBUG: 'debug',
  panic: 'critical',
  fatal: 'critical',
  error: 'error',
  warning: 'warning',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
};

/** Fields that every line of the agent's log has and that are not shown as pairs. */
const COMMON = new Set(['msg', 'level', 'ts', 'version', 'source', 'subsystem', 'name', 'pid']);

/** skopeo's progress lines without a level. */
const SKOPEO =
  /^(Getting image source signatures|Checking if image destination|Copying (blob|config)|Writing manifest|Storing signatures)/;

/**
 * Beginnings of skopeo's log lines: in the format for files, and in the one for terminals, which has the seconds since
 * skopeo's start.
 */
const LOGRUS = /^time=\S+ level=\w+ /;
const LOGRUS_ON_TERMINAL = /^(PANI|FATA|ERRO|WARN|INFO|DEBU|TRAC)\[\d+\] +(.*)$/s;
/** A console line of the kernel, with optional priority and caller. */
const KERNEL = /^(?:<\d+>)?\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? ?(.*)$/s;

/** Beginning of a line of the agent, skopeo or the kernel after another writer's unfinished line. */
const BEGINS_WITHIN = /\{"msg":"|time="[^"]*" level=\w+ |(?:<\d{1,3}>|(?<!<\d{1,3}>))\[ {0,4}\d{1,5}\.\d{6}\] /g;

/** logrus truncates times to seconds: its lines seem up to this many milliseconds older than the line above them. */
const RESOLUTION_MS = 1_000;

/** Longest message in characters; longer ones are cut. The raw console output has the complete message. */
const LONGEST_MESSAGE = 16_384;

/** Maximum number of log lines in one console line that are separated; the limit keeps parsing fast. */
const MOST_WRITERS = 16;

/**
 * Parses console output: the agent's slog JSON, skopeo's logrus lines and kernel lines; other lines are kept as they
 * are.
 */
export function parseConsole(text: string): ConsoleLine[] {
  let last: number | undefined;
  return linesOf(text).map((line) => {
    const parsed = parseLine(line);
    last = timeAfter(last, parsed.at);
    return { ...parsed, message: shortened(parsed.message), at: last };
  });
}

function parseLine(line: string): ConsoleLine {
  return slog(line) ?? logrus(line) ?? logrusOnTerminal(line) ?? kernel(line) ?? plain(line);
}

/**
 * Time of a line after one with the time `last`: corrects only logrus's truncation to seconds, not a clock that was set
 * back.
 */
function timeAfter(last: number | undefined, own: number | undefined): number | undefined {
  if (own === undefined || last === undefined) return own ?? last;
  return own < last && last - own < RESOLUTION_MS ? last : own;
}

/**
 * Console lines without escape sequences and control characters. Carriage returns before a newline are dropped; a
 * single one splits the line.
 */
function linesOf(text: string): string[] {
  return text
    .split(/\r*\n|\r+/)
    .map((line) => line.replaceAll(ESCAPES, '').replaceAll(CONTROLS, ''))
    .flatMap(separated)
    .filter((line) => line !== '');
}

/** ECMA-48 control sequences, operating system commands, and escapes of two characters. */
const [ESC, BEL] = ['\u001b', '\u0007'];
const ESCAPES = new RegExp(
  `${ESC}(?:${[
    String.raw`\[[0-?]*[ -/]*[@-~]`,
    String.raw`\][^${ESC}${BEL}]*(?:${BEL}|${ESC}\\)`,
    String.raw`[@-Z\\^_a-z0-9=>]`,
  ].join('|')})`,
  'gu',
);
const CONTROLS = /(?!\t)\p{Cc}/gu;

/**
 * Splits a console line into the log lines of several writers that it joins. Text that was written into the middle of
 * another line stays there.
 */
function separated(line: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (from < line.length && pieces.length < MOST_WRITERS) {
    const end = line[from] === '{' ? endOfObject(line, from) : undefined;
    let next = end !== undefined && slog(line.slice(from, end)) !== undefined ? end : line.length;
    if (next === line.length) {
      BEGINS_WITHIN.lastIndex = from + 1;
      const begins = end === undefined ? BEGINS_WITHIN.exec(line) : null;
      next = begins?.index ?? next;
    }
    pieces.push(line.slice(from, next));
    from = next;
  }
  return [...pieces, line.slice(from)];
}

/** End index of the JSON object that begins at `from`; `undefined` if it is incomplete. */
function endOfObject(line: string, from: number): number | undefined {
  const token = /"(?:[^"\\]|\\.)*"|[{}]/g;
  token.lastIndex = from;
  let depth = 0;
  for (let found = token.exec(line); found !== null; found = token.exec(line)) {
    if (found[0] === '{') depth += 1;
    else if (found[0] === '}') depth -= 1;
    if (depth === 0) return token.lastIndex;
  }
  return undefined;
}

function shortened(message: string): string {
  if (message.length <= LONGEST_MESSAGE) return message;
  return `${message.slice(0, LONGEST_MESSAGE)}… (${message.length - LONGEST_MESSAGE} characters more in the raw console)`;
}

/** The console lines that skopeo printed, unchanged. */
export function skopeoLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => linesOf(line).some((own) => parseLine(own).from === 'skopeo'))
    .map((line) => `${line}\n`)
    .join('');
}

/** The guest's console as a table for display: time, level, source, message. */
export function renderConsole(lines: readonly ConsoleLine[]): string {
  return lines
    .map(({ at, level, from, message, pairs }) => {
      const time = at === undefined ? '' : new Date(at).toISOString().slice(11, 23);
      const more = Object.entries(pairs ?? {}).map(([key, value]) => ` ${key}=${value}`);
      return `${time.padEnd(12)} ${level.padEnd(8)} ${from.padEnd(10)} ${message}${more.join('')}\n`;
    })
    .join('');
}

function slog(line: string): ConsoleLine | undefined {
  if (!line.startsWith('{')) return undefined;
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(line) as Record<string, unknown>;
  } catch {
    // A line that is not valid JSON is kept as plain text; two writers that share the console can break it.
    return undefined;
  }
  if (typeof fields['msg'] !== 'string') return undefined;
  const pairs = Object.entries(fields).filter(([key]) => !COMMON.has(key));
  return {
    at: time(fields['ts']),
    level: levelOf(String(fields['level'])),
    from: String(fields['subsystem'] ?? fields['source'] ?? 'agent'),
    message: fields['msg'],
    ...(pairs.length === 0
      ? {}
      : {
          pairs: Object.fromEntries(
            pairs.map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
          ),
        }),
  };
}

function logrus(line: string): ConsoleLine | undefined {
  if (!LOGRUS.test(line)) return undefined;
  const { time: at, level = '', msg, ...pairs } = readGoFields(line) ?? {};
  if (msg === undefined) return undefined;
  const more = Object.keys(pairs).length === 0 ? {} : { pairs };
  return { at: time(at), level: levelOf(level), from: 'skopeo', message: msg, ...more };
}

function logrusOnTerminal(line: string): ConsoleLine | undefined {
  const [, level = '', message] = LOGRUS_ON_TERMINAL.exec(line) ?? [];
  if (message === undefined) return undefined;
  return { at: undefined, level: levelOf(level), from: 'skopeo', message: message.trimEnd() };
}

function kernel(line: string): ConsoleLine | undefined {
  const [, message] = KERNEL.exec(line) ?? [];
  return message === undefined ? undefined : { at: undefined, level: 'info', from: 'kernel', message };
}

function plain(line: string): ConsoleLine {
  return { at: undefined, level: 'info', from: SKOPEO.test(line) ? 'skopeo' : 'console', message: line };
}

/** A log level by its name. `hasOwn`, because every object also has members such as `constructor`. */
function levelOf(name: string): Level {
  return (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined) ?? 'info';
}

/**
 * Parses the time of a log line; `undefined` if it is invalid. Truncates nanoseconds to milliseconds, which is
 * JavaScript's resolution.
 */
function time(value: unknown): number | undefined {
  const at = Date.parse(String(value).replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(at) ? undefined : at;
}
