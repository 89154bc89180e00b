import type { RecordedCall } from '../../helpers/contract/evidence.ts';
import type { ConsoleLine } from '../../helpers/guest-console/parse.ts';

/** A group of equal RPC calls, consecutive or concurrent, that is shown as one. */
export interface CallGroup {
  readonly call: RecordedCall;
  readonly count: number;
  readonly from: number;
  readonly to: number;
  /** First row of the group on the time axis, from 1; `end` is the first row after the group. */
  readonly row: number;
  readonly end: number;
  /** Column of the group among calls that overlap, from 0. */
  readonly lane: number;
}

export interface PlacedLine {
  readonly guest: string;
  readonly line: ConsoleLine;
  readonly at: number;
  readonly row: number;
}

/** RPC calls and console lines in order of time, each with its position in a grid. */
export interface Axis {
  readonly calls: readonly CallGroup[];
  readonly lines: readonly PlacedLine[];
  readonly lanes: number;
}

/** Maximum number of concurrent calls that are shown side by side; with more, calls are listed one below the other. */
const MAX_LANES = 3;

interface GuestLines {
  readonly guest: string;
  readonly line: ConsoleLine;
}

/** Lays out RPC calls and console lines on one time axis: a row for each line and for each call's start and end. */
export function layOut(calls: readonly RecordedCall[], said: readonly GuestLines[], begun: number): Axis {
  const groups = grouped(calls);
  const lines = inOrder(said, begun).sort((a, b) => a.at - b.at);
  const events = [
    ...groups.map((group) => ({ at: group.from, order: 0, group })),
    ...lines.map((line) => ({ at: line.at, order: 1, line })),
    ...groups.map((group) => ({ at: group.to, order: 2, group })),
  ].sort((a, b) => a.at - b.at || a.order - b.order);
  const rows = new Map<object, number>();
  const ends = new Map<object, number>();
  for (const [index, event] of events.entries()) {
    if ('line' in event) rows.set(event.line, index + 1);
    else if (event.order === 0) rows.set(event.group, index + 1);
    else ends.set(event.group, index + 1);
  }
  const lanes = laneOf(groups);
  const needed = Math.max(0, ...lanes.values()) + 1;
  const tooMany = needed > MAX_LANES;
  return {
    lanes: tooMany ? 1 : needed,
    calls: groups.map((group) => {
      const row = rows.get(group) ?? 1;
      const end = ends.get(group) ?? row;
      return { ...group, row, end: tooMany ? row + 1 : end + 1, lane: tooMany ? 0 : (lanes.get(group) ?? 0) };
    }),
    lines: lines.map((line) => ({ ...line, row: rows.get(line) ?? 1 })),
  };
}

/** Assigns a time to each console line. If a guest's clock was set back, its lines continue from the time before. */
function inOrder(said: readonly GuestLines[], begun: number): { guest: string; line: ConsoleLine; at: number }[] {
  const clocks = new Map<string, { last: number | undefined; back: number }>();
  return said.map(({ guest, line }) => {
    const { back, last } = clocks.get(guest) ?? { last: undefined, back: 0 };
    if (line.at === undefined) return { guest, line, at: last ?? begun };
    const at = line.at + back;
    const gone = last === undefined ? 0 : Math.max(0, last - at);
    clocks.set(guest, { last: at + gone, back: back + gone });
    return { guest, line, at: at + gone };
  });
}

type Grouped = Pick<CallGroup, 'call' | 'count' | 'from' | 'to'>;

function grouped(calls: readonly RecordedCall[]): Grouped[] {
  const groups: { key: string; call: RecordedCall; count: number; from: number; to: number }[] = [];
  for (const call of calls) {
    const key = JSON.stringify([call.peer, call.method, call.status, call.details, call.request]);
    const to = call.startedAt + call.durationMs;
    const last = groups.at(-1);
    if (last?.key === key) {
      last.count += 1;
      last.to = Math.max(last.to, to);
    } else {
      groups.push({ key, call, count: 1, from: call.startedAt, to });
    }
  }
  return groups;
}

/** Assigns to each RPC call the first column that is free when the call starts. */
function laneOf(groups: readonly Grouped[]): Map<Grouped, number> {
  const free: number[] = [];
  const lanes = new Map<Grouped, number>();
  for (const group of groups) {
    const lane = free.findIndex((until) => until <= group.from);
    const taken = lane < 0 ? free.length : lane;
    free[taken] = group.to;
    lanes.set(group, taken);
  }
  return lanes;
}

/** Offset of a guest's clock from the host's, in milliseconds, if it exceeds the tolerance; 0 otherwise. */
export function clockOffset(lines: readonly ConsoleLine[], begun: number, ended: number): number {
  const times = lines.flatMap(({ at }) => (at === undefined ? [] : [at]));
  const [first] = times;
  const believable = (at: number): boolean => at > begun - TOLERATED_MS && at < ended + TOLERATED_MS;
  return first === undefined || times.some(believable) ? 0 : first - begun;
}

const TOLERATED_MS = 5_000;
