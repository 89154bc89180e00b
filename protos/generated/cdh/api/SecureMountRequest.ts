// Original file: cdh/cdh.proto


export interface SecureMountRequest {
  'volumeType'?: (string);
  'options'?: ({[key: string]: string});
  'flags'?: (string)[];
  'mountPoint'?: (string);
}

export interface SecureMountRequest__Output {
  'volumeType': (string);
  'options': ({[key: string]: string});
  'flags': (string)[];
  'mountPoint': (string);
}
