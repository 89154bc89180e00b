// Original file: main/sandbox.proto


export interface GetDiagnosticDataResponse {
  'data'?: (string);
}

export interface GetDiagnosticDataResponse__Output {
  'data': (string);
}
