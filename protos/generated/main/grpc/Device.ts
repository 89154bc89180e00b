// Original file: main/container.proto


export interface Device {
  'id'?: (string);
  'type'?: (string);
  'vmPath'?: (string);
  'containerPath'?: (string);
  'options'?: (string)[];
}

export interface Device__Output {
  'id': (string);
  'type': (string);
  'vmPath': (string);
  'containerPath': (string);
  'options': (string)[];
}
