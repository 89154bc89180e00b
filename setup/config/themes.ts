/** Themes of settings: each is a table of docs/settings.md, in this order. */
export const THEMES = {
  tested: 'What is tested',
  machine: 'The guest: virtual machine, kernel, root file system',
  installation: 'Installation and Kubernetes (target `kata`)',
  images: 'Images and registries',
  reports: 'Reports and evidence',
  running: 'The run itself',
} as const;

export type Theme = keyof typeof THEMES;
