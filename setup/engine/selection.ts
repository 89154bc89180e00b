/** The artefacts that a run may build, and those that it must build. */
export interface Selection {
  may(id: string): boolean;
  must(id: string): boolean;
}

/** Builds every artefact that is not up to date. */
export const WHAT_CHANGED: Selection = { may: () => true, must: () => false };
