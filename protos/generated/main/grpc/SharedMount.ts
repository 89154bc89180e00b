// Original file: main/container.proto


export interface SharedMount {
  'name'?: (string);
  'srcCtr'?: (string);
  'srcPath'?: (string);
  'dstCtr'?: (string);
  'dstPath'?: (string);
}

export interface SharedMount__Output {
  'name': (string);
  'srcCtr': (string);
  'srcPath': (string);
  'dstCtr': (string);
  'dstPath': (string);
}
