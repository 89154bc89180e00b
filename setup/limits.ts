/** How long one spec may take where nothing is emulated, in milliseconds; what it boots and calls has deadlines well below. */
export const SPEC_TIMEOUT_MS = 60_000;
