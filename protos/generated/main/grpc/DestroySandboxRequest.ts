// Original file: main/sandbox.proto


export interface DestroySandboxRequest {
}

export interface DestroySandboxRequest__Output {
}
