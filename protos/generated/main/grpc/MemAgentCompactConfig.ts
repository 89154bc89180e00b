// Original file: main/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface MemAgentCompactConfig {
  'disabled'?: (boolean);
  'periodSecs'?: (number | string | Long);
  'periodPsiPercentLimit'?: (number);
  'compactPsiPercentLimit'?: (number);
  'compactSecMax'?: (number | string | Long);
  'compactOrder'?: (number);
  'compactThreshold'?: (number | string | Long);
  'compactForceTimes'?: (number | string | Long);
  '_disabled'?: "disabled";
  '_periodSecs'?: "periodSecs";
  '_periodPsiPercentLimit'?: "periodPsiPercentLimit";
  '_compactPsiPercentLimit'?: "compactPsiPercentLimit";
  '_compactSecMax'?: "compactSecMax";
  '_compactOrder'?: "compactOrder";
  '_compactThreshold'?: "compactThreshold";
  '_compactForceTimes'?: "compactForceTimes";
}

export interface MemAgentCompactConfig__Output {
  'disabled'?: (boolean);
  'periodSecs'?: (string);
  'periodPsiPercentLimit'?: (number);
  'compactPsiPercentLimit'?: (number);
  'compactSecMax'?: (string);
  'compactOrder'?: (number);
  'compactThreshold'?: (string);
  'compactForceTimes'?: (string);
  '_disabled'?: "disabled";
  '_periodSecs'?: "periodSecs";
  '_periodPsiPercentLimit'?: "periodPsiPercentLimit";
  '_compactPsiPercentLimit'?: "compactPsiPercentLimit";
  '_compactSecMax'?: "compactSecMax";
  '_compactOrder'?: "compactOrder";
  '_compactThreshold'?: "compactThreshold";
  '_compactForceTimes'?: "compactForceTimes";
}
