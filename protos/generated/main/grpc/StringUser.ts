// Original file: main/container.proto


export interface StringUser {
  'uid'?: (string);
  'gid'?: (string);
  'additionalGids'?: (string)[];
}

export interface StringUser__Output {
  'uid': (string);
  'gid': (string);
  'additionalGids': (string)[];
}
