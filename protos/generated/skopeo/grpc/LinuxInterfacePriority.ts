// Original file: skopeo/oci.proto


export interface LinuxInterfacePriority {
  'Name'?: (string);
  'Priority'?: (number);
}

export interface LinuxInterfacePriority__Output {
  'Name': (string);
  'Priority': (number);
}
