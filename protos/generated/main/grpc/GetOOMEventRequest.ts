// Original file: main/container.proto


export interface GetOOMEventRequest {
}

export interface GetOOMEventRequest__Output {
}
