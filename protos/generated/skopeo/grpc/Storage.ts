// Original file: skopeo/container.proto


export interface Storage {
  'driver'?: (string);
  'driverOptions'?: (string)[];
  'source'?: (string);
  'fstype'?: (string);
  'options'?: (string)[];
  'mountPoint'?: (string);
}

export interface Storage__Output {
  'driver': (string);
  'driverOptions': (string)[];
  'source': (string);
  'fstype': (string);
  'options': (string)[];
  'mountPoint': (string);
}
