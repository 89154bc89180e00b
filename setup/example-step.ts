/** As a step's own module names itself. */
const STEP = { module: import.meta.url };

/** Stands, in tests, for the module of an artefact's step: it is made by no code but this. */
export const EXAMPLE_MODULE: string = STEP.module;
