// Original file: skopeo/network.proto


export interface ListInterfacesRequest {
}

export interface ListInterfacesRequest__Output {
}
