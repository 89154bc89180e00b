/** The fields of `/proc/PID/stat` that this project uses. */
export interface ProcessStat {
  /** Name of the process's program, truncated to 15 bytes; it may contain blanks and parentheses. */
  readonly name: string;
  /** State of the process: `R`, `S`, ...; `Z` or `X` if it has ended. */
  readonly state: string;
  readonly parent: number;
  /** Device number of the process's terminal; 0 for none. */
  readonly terminal: number;
  /** Processor time of the process in user mode and in the kernel, in clock ticks. */
  readonly ticks: number;
  /** Start time of the process in clock ticks since boot. */
  readonly startTime: string;
}

/**
 * Parses the text of `/proc/PID/stat`. Fields are counted from the last parenthesis, which ends the program's name.
 * Source: proc(5).
 */
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
