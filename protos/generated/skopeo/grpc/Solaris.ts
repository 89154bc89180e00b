// Original file: skopeo/oci.proto


export interface Solaris {
  'dummy'?: (string);
}

export interface Solaris__Output {
  'dummy': (string);
}
