// Original file: skopeo/health.proto


// Original file: skopeo/health.proto

export const _grpc_HealthCheckResponse_ServingStatus = {
  UNKNOWN: 'UNKNOWN',
  SERVING: 'SERVING',
  NOT_SERVING: 'NOT_SERVING',
} as const;

export type _grpc_HealthCheckResponse_ServingStatus =
  | 'UNKNOWN'
  | 0
  | 'SERVING'
  | 1
  | 'NOT_SERVING'
  | 2

export type _grpc_HealthCheckResponse_ServingStatus__Output = typeof _grpc_HealthCheckResponse_ServingStatus[keyof typeof _grpc_HealthCheckResponse_ServingStatus]

export interface HealthCheckResponse {
  'status'?: (_grpc_HealthCheckResponse_ServingStatus);
}

export interface HealthCheckResponse__Output {
  'status': (_grpc_HealthCheckResponse_ServingStatus__Output);
}
