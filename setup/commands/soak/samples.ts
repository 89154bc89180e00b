/** Number of samples of a soak, and so the least number of guests and of pulls. */
export const SAMPLES = 10;
