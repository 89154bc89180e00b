// Original file: main/oci.proto


export interface Box {
  'Height'?: (number);
  'Width'?: (number);
}

export interface Box__Output {
  'Height': (number);
  'Width': (number);
}
