// Original file: skopeo/container.proto


export interface OOMEvent {
  'containerId'?: (string);
}

export interface OOMEvent__Output {
  'containerId': (string);
}
