/** Timeout of one spec without software emulation, in milliseconds; its boots and calls have much shorter deadlines. */
export const SPEC_TIMEOUT_MS = 60_000;
