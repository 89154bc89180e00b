// Original file: shim/task.proto


export interface ConnectResponse {
  'shimPid'?: (number);
  'taskPid'?: (number);
  'version'?: (string);
}

export interface ConnectResponse__Output {
  'shimPid': (number);
  'taskPid': (number);
  'version': (string);
}
