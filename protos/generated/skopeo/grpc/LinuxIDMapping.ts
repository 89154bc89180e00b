// Original file: skopeo/oci.proto


export interface LinuxIDMapping {
  'HostID'?: (number);
  'ContainerID'?: (number);
  'Size'?: (number);
}

export interface LinuxIDMapping__Output {
  'HostID': (number);
  'ContainerID': (number);
  'Size': (number);
}
