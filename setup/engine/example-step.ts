/** Declares `module` as steps do, so that code-inputs.ts recognises this file as the module of a step. */
const STEP = { module: import.meta.url };

/** In tests, the module of an artefact step that has no other code. */
export const EXAMPLE_MODULE: string = STEP.module;
