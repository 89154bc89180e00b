// Original file: shim/task.proto


export interface PauseRequest {
  'id'?: (string);
}

export interface PauseRequest__Output {
  'id': (string);
}
