// Original file: skopeo/oci.proto


export interface Mount {
  'destination'?: (string);
  'source'?: (string);
  'type'?: (string);
  'options'?: (string)[];
}

export interface Mount__Output {
  'destination': (string);
  'source': (string);
  'type': (string);
  'options': (string)[];
}
