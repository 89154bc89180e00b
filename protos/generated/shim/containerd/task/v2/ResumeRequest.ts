// Original file: shim/task.proto


export interface ResumeRequest {
  'id'?: (string);
}

export interface ResumeRequest__Output {
  'id': (string);
}
