import protobuf from 'protobufjs';

/** Import paths of Google's well-known types that all proto loaders of this project have built in. */
const FILES = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `google/protobuf/${name}.proto`,
);

/** The file that declares one of Google's well-known types; `undefined` for any other type. */
export function wellKnownFile(type: string): string | undefined {
  const [name, ...scope] = type.split('.').reverse();
  if (scope.reverse().join('.') !== 'google.protobuf') return undefined;
  return FILES.find((file) => {
    const declared = protobuf.common.get(file)?.nested?.['google'];
    return declared !== undefined && 'nested' in declared && hasType(declared.nested?.['protobuf'], name ?? '');
  });
}

function hasType(namespace: protobuf.AnyNestedObject | undefined, name: string): boolean {
  return namespace !== undefined && 'nested' in namespace && Object.hasOwn(namespace.nested ?? {}, name);
}
