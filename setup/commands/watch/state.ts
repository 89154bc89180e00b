import { joined, type Wanted } from './what-runs.ts';

/** What `pnpm kata watch` does at a moment. */
export interface WatchState {
  readonly activity: 'idle' | 'building' | 'running';
  /** Whether the checkout has changed since the build that runs, or the last one, began. */
  readonly stale: boolean;
  /** Whether the last build failed: saved specs then wait for one that succeeds. */
  readonly broken: boolean;
  /** Whether the current run was cancelled by the user, so that what it did not finish is dropped. */
  readonly dropped: boolean;
  /** Whether the user requested some of what runs next: it then runs even with the agent before a failed build. */
  readonly requested: boolean;
  /** What runs next. */
  readonly wanted: Wanted;
}

/** Something that happened. */
export type WatchEvent =
  /** A file of the agent was saved. */
  | { readonly type: 'source saved' }
  /** A build of the agent ended; `wanted` has what runs because of it, absent if the build failed or was aborted. */
  | { readonly type: 'built'; readonly wanted?: Wanted }
  /** Specs were saved. */
  | { readonly type: 'specs saved'; readonly wanted: Wanted }
  /** The user wants specs to run now. */
  | { readonly type: 'requested'; readonly wanted: Wanted }
  /** The user wants the current run or build to end. */
  | { readonly type: 'cancelled' }
  /** A run ended; `unfinished` has what a cancelled one did not finish. `broken`: no guest starts with the new agent. */
  | { readonly type: 'ended'; readonly unfinished: Wanted; readonly broken?: boolean };

/** Something to do. */
export type Effect = 'build' | 'abort build' | 'cancel run' | { readonly run: Wanted };

/** The state before anything is built. */
export const AT_START: WatchState = {
  ...{ activity: 'idle', stale: false, broken: false, dropped: false, requested: false },
  wanted: new Map(),
};

/** The next state, and what is to do; a pure function. */
export function next(state: WatchState, event: WatchEvent): readonly [WatchState, readonly Effect[]] {
  const { activity } = state;
  switch (event.type) {
    case 'source saved':
      if (activity === 'idle') return [{ ...state, activity: 'building' }, ['build']];
      return [{ ...state, stale: true }, state.stale ? [] : [activity === 'building' ? 'abort build' : 'cancel run']];
    case 'built': {
      const wanted = event.wanted === undefined ? state.wanted : joined(event.wanted, state.wanted);
      // What was requested during a build that fails does not run either.
      const requested = event.wanted !== undefined && state.requested;
      return proceed({ ...state, broken: event.wanted === undefined, requested, wanted });
    }
    case 'specs saved': {
      const changed = { ...state, wanted: joined(state.wanted, event.wanted) };
      return activity === 'idle' && !state.broken ? proceed(changed) : [changed, []];
    }
    case 'requested': {
      const changed = { ...state, requested: true, wanted: joined(event.wanted, state.wanted) };
      if (activity === 'idle') return started(changed);
      return activity === 'running' ? [{ ...changed, dropped: true }, ['cancel run']] : [changed, []];
    }
    case 'cancelled':
      if (activity === 'idle') return [state, []];
      if (activity === 'building')
        return [{ ...state, stale: false, requested: false, wanted: new Map() }, ['abort build']];
      return [{ ...state, stale: false, dropped: true, requested: false, wanted: new Map() }, ['cancel run']];
    case 'ended': {
      const wanted = state.dropped ? state.wanted : joined(event.unfinished, state.wanted);
      const failed = event.broken ? { broken: true, requested: false } : {};
      return proceed({ ...state, ...failed, dropped: false, wanted });
    }
  }
}

/** What follows when nothing is going on: a build if the checkout has changed meanwhile, else what is wanted. */
function proceed(state: WatchState): readonly [WatchState, readonly Effect[]] {
  if (state.stale) return [{ ...state, activity: 'building', stale: false }, ['build']];
  return state.broken && !state.requested ? [{ ...state, activity: 'idle' }, []] : started(state);
}

function started(state: WatchState): readonly [WatchState, readonly Effect[]] {
  if (state.wanted.size === 0) return [{ ...state, activity: 'idle' }, []];
  return [{ ...state, activity: 'running', requested: false, wanted: new Map() }, [{ run: state.wanted }]];
}
