// Original file: skopeo/oci.proto


export interface LinuxCapabilities {
  'Bounding'?: (string)[];
  'Effective'?: (string)[];
  'Inheritable'?: (string)[];
  'Permitted'?: (string)[];
  'Ambient'?: (string)[];
}

export interface LinuxCapabilities__Output {
  'Bounding': (string)[];
  'Effective': (string)[];
  'Inheritable': (string)[];
  'Permitted': (string)[];
  'Ambient': (string)[];
}
