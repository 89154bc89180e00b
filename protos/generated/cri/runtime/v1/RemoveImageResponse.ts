// Original file: cri/image.proto


export interface RemoveImageResponse {
}

export interface RemoveImageResponse__Output {
}
