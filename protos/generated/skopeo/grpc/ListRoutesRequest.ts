// Original file: skopeo/network.proto


export interface ListRoutesRequest {
}

export interface ListRoutesRequest__Output {
}
