// Original file: main/sandbox.proto


export interface VolumeStatsRequest {
  'volumeGuestPath'?: (string);
}

export interface VolumeStatsRequest__Output {
  'volumeGuestPath': (string);
}
