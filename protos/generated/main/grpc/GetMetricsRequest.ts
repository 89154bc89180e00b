// Original file: main/stats.proto


export interface GetMetricsRequest {
}

export interface GetMetricsRequest__Output {
}
