// Original file: skopeo/oci.proto


export interface Root {
  'Path'?: (string);
  'Readonly'?: (boolean);
}

export interface Root__Output {
  'Path': (string);
  'Readonly': (boolean);
}
