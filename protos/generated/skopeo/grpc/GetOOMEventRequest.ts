// Original file: skopeo/container.proto


export interface GetOOMEventRequest {
}

export interface GetOOMEventRequest__Output {
}
