// Original file: main/sandbox.proto


export interface AgentDetails {
  'version'?: (string);
  'initDaemon'?: (boolean);
  'deviceHandlers'?: (string)[];
  'storageHandlers'?: (string)[];
  'supportsSeccomp'?: (boolean);
  'extraFeatures'?: (string)[];
}

export interface AgentDetails__Output {
  'version': (string);
  'initDaemon': (boolean);
  'deviceHandlers': (string)[];
  'storageHandlers': (string)[];
  'supportsSeccomp': (boolean);
  'extraFeatures': (string)[];
}
