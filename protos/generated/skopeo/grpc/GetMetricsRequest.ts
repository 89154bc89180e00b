// Original file: skopeo/stats.proto


export interface GetMetricsRequest {
}

export interface GetMetricsRequest__Output {
}
