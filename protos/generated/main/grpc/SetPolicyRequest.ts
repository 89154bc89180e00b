// Original file: main/sandbox.proto


export interface SetPolicyRequest {
  'policy'?: (string);
}

export interface SetPolicyRequest__Output {
  'policy': (string);
}
