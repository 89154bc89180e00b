// Original file: main/container.proto


export interface RemoveStaleVirtiofsShareMountsRequest {
}

export interface RemoveStaleVirtiofsShareMountsRequest__Output {
}
