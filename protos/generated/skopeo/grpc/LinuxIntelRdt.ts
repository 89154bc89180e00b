// Original file: skopeo/oci.proto


export interface LinuxIntelRdt {
  'L3CacheSchema'?: (string);
}

export interface LinuxIntelRdt__Output {
  'L3CacheSchema': (string);
}
