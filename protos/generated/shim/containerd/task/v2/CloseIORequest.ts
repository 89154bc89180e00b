// Original file: shim/task.proto


export interface CloseIORequest {
  'id'?: (string);
  'execId'?: (string);
  'stdin'?: (boolean);
}

export interface CloseIORequest__Output {
  'id': (string);
  'execId': (string);
  'stdin': (boolean);
}
