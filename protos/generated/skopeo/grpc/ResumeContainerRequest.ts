// Original file: skopeo/container.proto


export interface ResumeContainerRequest {
  'containerId'?: (string);
}

export interface ResumeContainerRequest__Output {
  'containerId': (string);
}
