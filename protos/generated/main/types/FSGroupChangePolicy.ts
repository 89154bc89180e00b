// Original file: main/types.proto

export const FSGroupChangePolicy = {
  Always: 'Always',
  OnRootMismatch: 'OnRootMismatch',
} as const;

export type FSGroupChangePolicy =
  | 'Always'
  | 0
  | 'OnRootMismatch'
  | 1

export type FSGroupChangePolicy__Output = typeof FSGroupChangePolicy[keyof typeof FSGroupChangePolicy]
