// Original file: main/network.proto


export interface ListInterfacesRequest {
}

export interface ListInterfacesRequest__Output {
}
