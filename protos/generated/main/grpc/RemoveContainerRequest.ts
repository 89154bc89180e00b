// Original file: main/container.proto


export interface RemoveContainerRequest {
  'containerId'?: (string);
  'timeout'?: (number);
}

export interface RemoveContainerRequest__Output {
  'containerId': (string);
  'timeout': (number);
}
