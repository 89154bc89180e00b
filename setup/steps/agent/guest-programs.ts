import type { Component } from '../../../helpers/contract/component.ts';
import type { ResolvedConfig } from '../../config/resolved.ts';
import type { StepContext } from '../../step.ts';
import { isStandIn } from './agent-choice.ts';
import { cdh } from './cdh.ts';
import { guestComponents } from './guest-components.ts';

/** The programs beside the agent that guests have, for reports. */
export function guestPrograms(
  config: Pick<ResolvedConfig, 'agent' | 'cdh' | 'guestComponents'>,
  { result }: Pick<StepContext, 'result'>,
): readonly Component[] {
  if (isStandIn(config)) return [];
  const programs = [
    ...(config.cdh === undefined ? [] : [result(cdh)]),
    ...(config.guestComponents === undefined ? [] : result(guestComponents)),
  ];
  return programs.map(({ path: _, ...component }) => component);
}
