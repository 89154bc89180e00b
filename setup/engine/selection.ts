/** The artefacts that may be built, and those that must be. */
export interface Selection {
  may(id: string): boolean;
  must(id: string): boolean;
}

/** Builds every artefact that is not up to date. */
export const WHAT_CHANGED: Selection = { may: () => true, must: () => false };
