import type { ResolvedConfig } from './config/resolved.ts';
import type * as engine from './engine/step.ts';
import type { Host } from './host/probe.ts';

/* The engine's types for the steps of this project, which are configured by a ResolvedConfig and run on a Host. */

/** A set-up step that builds a directory and keeps it. */
export type ArtefactStep<Out = string> = engine.ArtefactStep<Out, ResolvedConfig, Host>;
/** A set-up step that provides something for one run. */
export type ServiceStep<Out = unknown> = engine.ServiceStep<Out, ResolvedConfig, Host>;
export type Step<Out = unknown> = engine.Step<Out, ResolvedConfig, Host>;
/** Context of a running set-up step. */
export type StepContext = engine.StepContext<ResolvedConfig, Host>;
