// Original file: shim/task.proto


export interface PidsRequest {
  'id'?: (string);
}

export interface PidsRequest__Output {
  'id': (string);
}
