// Original file: cdh/cdh.proto


export interface SecureMountResponse {
}

export interface SecureMountResponse__Output {
}
