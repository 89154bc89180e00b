/**
 * Environment that sets build user, host and time in the kernel's version string to fixed values, for reproducible
 * builds.
 */
export const NEUTRAL = {
  KBUILD_BUILD_USER: 'kata-cc',
  KBUILD_BUILD_HOST: 'kata-cc',
  KBUILD_BUILD_TIMESTAMP: '1970-01-01',
} as const;
