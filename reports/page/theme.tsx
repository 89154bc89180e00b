import { useState } from 'preact/hooks';

const THEMES = ['auto', 'light', 'dark'] as const;

/** Button that switches the page's theme (light, dark), which follows the system at first. */
export function Theme() {
  const [theme, setTheme] = useState<(typeof THEMES)[number]>('auto');
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto';
  const change = (): void => {
    document.documentElement.dataset['theme'] = next;
    setTheme(next);
  };
  return (
    <button type="button" class="theme" onClick={change}>
      theme: {theme}
    </button>
  );
}
