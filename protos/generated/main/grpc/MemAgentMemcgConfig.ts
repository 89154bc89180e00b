// Original file: main/sandbox.proto

import type { Long } from '@grpc/proto-loader';

export interface MemAgentMemcgConfig {
  'disabled'?: (boolean);
  'swap'?: (boolean);
  'swappinessMax'?: (number);
  'periodSecs'?: (number | string | Long);
  'periodPsiPercentLimit'?: (number);
  'evictionPsiPercentLimit'?: (number);
  'evictionRunAgingCountMin'?: (number | string | Long);
  '_disabled'?: "disabled";
  '_swap'?: "swap";
  '_swappinessMax'?: "swappinessMax";
  '_periodSecs'?: "periodSecs";
  '_periodPsiPercentLimit'?: "periodPsiPercentLimit";
  '_evictionPsiPercentLimit'?: "evictionPsiPercentLimit";
  '_evictionRunAgingCountMin'?: "evictionRunAgingCountMin";
}

export interface MemAgentMemcgConfig__Output {
  'disabled'?: (boolean);
  'swap'?: (boolean);
  'swappinessMax'?: (number);
  'periodSecs'?: (string);
  'periodPsiPercentLimit'?: (number);
  'evictionPsiPercentLimit'?: (number);
  'evictionRunAgingCountMin'?: (string);
  '_disabled'?: "disabled";
  '_swap'?: "swap";
  '_swappinessMax'?: "swappinessMax";
  '_periodSecs'?: "periodSecs";
  '_periodPsiPercentLimit'?: "periodPsiPercentLimit";
  '_evictionPsiPercentLimit'?: "evictionPsiPercentLimit";
  '_evictionRunAgingCountMin'?: "evictionRunAgingCountMin";
}
