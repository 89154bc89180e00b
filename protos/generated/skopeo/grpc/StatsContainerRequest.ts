// Original file: skopeo/stats.proto


export interface StatsContainerRequest {
  'containerId'?: (string);
}

export interface StatsContainerRequest__Output {
  'containerId': (string);
}
