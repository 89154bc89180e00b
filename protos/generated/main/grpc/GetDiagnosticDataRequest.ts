// Original file: main/sandbox.proto


export interface GetDiagnosticDataRequest {
  'logType'?: (string);
  'containerId'?: (string);
}

export interface GetDiagnosticDataRequest__Output {
  'logType': (string);
  'containerId': (string);
}
