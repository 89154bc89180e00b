// Original file: shim/task.proto


export interface KillRequest {
  'id'?: (string);
  'execId'?: (string);
  'signal'?: (number);
  'all'?: (boolean);
}

export interface KillRequest__Output {
  'id': (string);
  'execId': (string);
  'signal': (number);
  'all': (boolean);
}
