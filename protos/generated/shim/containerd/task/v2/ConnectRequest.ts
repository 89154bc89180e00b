// Original file: shim/task.proto


export interface ConnectRequest {
  'id'?: (string);
}

export interface ConnectRequest__Output {
  'id': (string);
}
