/** Set for reproducible builds: what the kernel says of who built it, where and when. */
export const NEUTRAL = {
  KBUILD_BUILD_USER: 'kata-cc',
  KBUILD_BUILD_HOST: 'kata-cc',
  KBUILD_BUILD_TIMESTAMP: '1970-01-01',
} as const;
