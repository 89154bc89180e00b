// Original file: skopeo/oci.proto


export interface LinuxNamespace {
  'Type'?: (string);
  'Path'?: (string);
}

export interface LinuxNamespace__Output {
  'Type': (string);
  'Path': (string);
}
