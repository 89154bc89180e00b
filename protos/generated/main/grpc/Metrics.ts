// Original file: main/stats.proto


export interface Metrics {
  'metrics'?: (string);
}

export interface Metrics__Output {
  'metrics': (string);
}
