// Original file: skopeo/container.proto


export interface PauseContainerRequest {
  'containerId'?: (string);
}

export interface PauseContainerRequest__Output {
  'containerId': (string);
}
