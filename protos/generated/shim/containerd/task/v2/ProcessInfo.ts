// Original file: shim/task.proto


export interface ProcessInfo {
  'pid'?: (number);
}

export interface ProcessInfo__Output {
  'pid': (number);
}
