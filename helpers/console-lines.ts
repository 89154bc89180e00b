/** Levels of the agent's log, most severe first. */
export const LEVELS = ['critical', 'error', 'warning', 'info', 'debug', 'trace'] as const;

export type Level = (typeof LEVELS)[number];

/** A line of a guest's console, understood as far as it can be. */
export interface ConsoleLine {
  /** Milliseconds since the epoch by the guest's clock; that of the line before where it has none of its own. */
  readonly at: number | undefined;
  readonly level: Level;
  /** A subsystem of the agent, `skopeo`, `kernel`, or `console` for what nobody signs. */
  readonly from: string;
  readonly message: string;
  /** What else the agent said with it. */
  readonly pairs?: Readonly<Record<string, string>>;
}

/** slog's names, and logrus's. */
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
  panic: 'critical',
  fatal: 'critical',
  error: 'error',
  warning: 'warning',
  info: 'info',
  debug: 'debug',
  trace: 'trace',
};

/** Fields every line of the agent's log has and nobody reads. */
const COMMON = new Set(['msg', 'level', 'ts', 'version', 'source', 'subsystem', 'name', 'pid']);

/** What skopeo says while it copies, when it says it without level. */
const SKOPEO =
  /^(Getting image source signatures|Checking if image destination|Copying (blob|config)|Writing manifest|Storing signatures)/;

/** A line of skopeo's log: the form for files, and the one for terminals, with colours and the seconds since it began. */
const LOGRUS = /^time="([^"]*)" level=(\w+) msg=(.*)$/;
const LOGRUS_ON_TERMINAL = /^\S*?(PANI|FATA|ERRO|WARN|INFO|DEBU|TRAC)\S*\[\d+\] (.*)$/;

/** Understands what a guest printed: the agent's slog JSON, skopeo's logrus lines, the kernel's, and the rest as it is. */
export function parseConsole(text: string): ConsoleLine[] {
  let last: number | undefined;
  return text
    .split('\n')
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => line !== '')
    .map((line) => {
      const parsed = slog(line) ?? logrus(line) ?? logrusOnTerminal(line) ?? kernel(line) ?? plain(line);
      // logrus knows seconds only: a line cannot have been said before the one above it.
      const at = parsed.at === undefined || (last !== undefined && parsed.at < last) ? last : parsed.at;
      last = at;
      return { ...parsed, at };
    });
}

/** The lines that skopeo printed, as it printed them. */
export function skopeoLines(text: string): string {
  const said = text
    .split('\n')
    .filter((line) => [LOGRUS, LOGRUS_ON_TERMINAL, SKOPEO].some((form) => form.test(line.trimEnd())));
  return said.map((line) => `${line}\n`).join('');
}

/** The console as people read it: time, level, who, what. */
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
    // Not JSON after all (two writers, one console): shown as it is.
    return undefined;
  }
  if (typeof fields['msg'] !== 'string') return undefined;
  const pairs = Object.entries(fields).filter(([key]) => !COMMON.has(key));
  return {
    at: time(fields['ts']),
    level: NAMES[String(fields['level'])] ?? 'info',
    from: String(fields['subsystem'] ?? fields['source'] ?? 'agent'),
    message: fields['msg'],
    ...(pairs.length === 0 ? {} : { pairs: Object.fromEntries(pairs.map(([key, value]) => [key, String(value)])) }),
  };
}

function logrus(line: string): ConsoleLine | undefined {
  const [, at, level, message] = LOGRUS.exec(line) ?? [];
  if (level === undefined || message === undefined) return undefined;
  return { at: time(at), level: NAMES[level] ?? 'info', from: 'skopeo', message: unquoted(message) };
}

function logrusOnTerminal(line: string): ConsoleLine | undefined {
  const [, level = '', message] = LOGRUS_ON_TERMINAL.exec(line) ?? [];
  if (message === undefined) return undefined;
  return { at: undefined, level: NAMES[level] ?? 'info', from: 'skopeo', message: message.trimEnd() };
}

function kernel(line: string): ConsoleLine | undefined {
  const [, message] = /^\[ *\d+\.\d+\] ?(.*)$/.exec(line) ?? [];
  return message === undefined ? undefined : { at: undefined, level: 'info', from: 'kernel', message };
}

function plain(line: string): ConsoleLine {
  return { at: undefined, level: 'info', from: SKOPEO.test(line) ? 'skopeo' : 'console', message: line };
}

/** `undefined` when it is no time. Nanoseconds are cut: JavaScript takes three digits. */
function time(value: unknown): number | undefined {
  const at = Date.parse(String(value).replace(/(\.\d{3})\d+/, '$1'));
  return Number.isNaN(at) ? undefined : at;
}

function unquoted(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text;
  }
}
