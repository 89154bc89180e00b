// Original file: skopeo/oci.proto


export interface User {
  'UID'?: (number);
  'GID'?: (number);
  'AdditionalGids'?: (number)[];
  'Username'?: (string);
}

export interface User__Output {
  'UID': (number);
  'GID': (number);
  'AdditionalGids': (number)[];
  'Username': (string);
}
