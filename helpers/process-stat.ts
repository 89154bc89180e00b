/** What `/proc/PID/stat` says of a process, as far as it is used here. */
export interface ProcessStat {
  /** Name of its program, cut to 15 bytes; it may contain anything, blanks and parentheses too. */
  readonly name: string;
  /** `R`, `S`, ...; `Z` and `X` for one that has ended. */
  readonly state: string;
  readonly parent: number;
  /** Device number of its terminal; 0 for none. */
  readonly terminal: number;
  /** Time in user mode and in the kernel, in clock ticks. */
  readonly ticks: number;
  /** When it started, in clock ticks since boot. */
  readonly startTime: string;
}

/** Reads the text of a `/proc/PID/stat`. Fields are counted after the name's last parenthesis. Source: proc(5). */
export function parseProcessStat(text: string): ProcessStat {
  const end = text.lastIndexOf(')');
  const [state = '', parent, , , terminal, , , , , , , user, system, , , , , , , startTime = ''] = text
    .slice(end + 2)
    .trimEnd()
    .split(' ');
  return {
    name: text.slice(text.indexOf('(') + 1, end),
    state,
    parent: Number(parent),
    terminal: Number(terminal),
    ticks: Number(user) + Number(system),
    startTime,
  };
}
