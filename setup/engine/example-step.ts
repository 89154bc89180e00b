/** Has the module of a step in its usual form. */
const STEP = { module: import.meta.url };

/** In tests, the module of an artefact's step without other code. */
export const EXAMPLE_MODULE: string = STEP.module;
