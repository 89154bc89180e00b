// Original file: main/network.proto


export interface ListRoutesRequest {
}

export interface ListRoutesRequest__Output {
}
