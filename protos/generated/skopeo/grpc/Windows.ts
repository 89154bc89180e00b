// Original file: skopeo/oci.proto


export interface Windows {
  'dummy'?: (string);
}

export interface Windows__Output {
  'dummy': (string);
}
