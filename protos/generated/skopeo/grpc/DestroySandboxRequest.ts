// Original file: skopeo/sandbox.proto


export interface DestroySandboxRequest {
}

export interface DestroySandboxRequest__Output {
}
