// Original file: cri/image.proto


export interface ListImagesRequest {
}

export interface ListImagesRequest__Output {
}
