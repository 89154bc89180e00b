/** Build user, host and time in the kernel's version string, fixed for reproducible builds. */
export const NEUTRAL = {
  KBUILD_BUILD_USER: 'kata-cc',
  KBUILD_BUILD_HOST: 'kata-cc',
  KBUILD_BUILD_TIMESTAMP: '1970-01-01',
} as const;
