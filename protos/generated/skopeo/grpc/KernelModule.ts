// Original file: skopeo/sandbox.proto


export interface KernelModule {
  'name'?: (string);
  'parameters'?: (string)[];
}

export interface KernelModule__Output {
  'name': (string);
  'parameters': (string)[];
}
