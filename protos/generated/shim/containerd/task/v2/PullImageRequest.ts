// Original file: shim/image.proto


export interface PullImageRequest {
  'image'?: (string);
}

export interface PullImageRequest__Output {
  'image': (string);
}
