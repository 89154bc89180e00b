// Original file: skopeo/image.proto


export interface PullImageRequest {
  'image'?: (string);
  'containerId'?: (string);
  'sourceCreds'?: (string);
}

export interface PullImageRequest__Output {
  'image': (string);
  'containerId': (string);
  'sourceCreds': (string);
}
