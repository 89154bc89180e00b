// Original file: cri/runtime.proto


export interface ListPodSandboxRequest {
}

export interface ListPodSandboxRequest__Output {
}
