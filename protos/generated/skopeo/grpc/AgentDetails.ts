// Original file: skopeo/sandbox.proto


export interface AgentDetails {
  'version'?: (string);
  'initDaemon'?: (boolean);
  'deviceHandlers'?: (string)[];
  'storageHandlers'?: (string)[];
  'supportsSeccomp'?: (boolean);
}

export interface AgentDetails__Output {
  'version': (string);
  'initDaemon': (boolean);
  'deviceHandlers': (string)[];
  'storageHandlers': (string)[];
  'supportsSeccomp': (boolean);
}
