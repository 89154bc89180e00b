// Original file: skopeo/sandbox.proto


export interface OnlineCPUMemRequest {
  'wait'?: (boolean);
  'nbCpus'?: (number);
  'cpuOnly'?: (boolean);
}

export interface OnlineCPUMemRequest__Output {
  'wait': (boolean);
  'nbCpus': (number);
  'cpuOnly': (boolean);
}
