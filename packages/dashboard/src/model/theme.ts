import { useSyncExternalStore } from 'preact/compat';

export type Theme = 'light' | 'dark';
const KEPT = 'dialmark-theme';
const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** The theme chosen here, else the system's. */
function current(): Theme {
  const kept = localStorage.getItem(KEPT);
  return kept === 'light' || kept === 'dark' ? kept : system.matches ? 'dark' : 'light';
}

function apply(): void {
  document.documentElement.dataset.theme = current();
  for (const listener of listeners) listener();
}

export function startTheme(): void {
  system.addEventListener('change', apply);
  apply();
}

/** To the other one; back at what the system has, it follows the system again. */
export function toggleTheme(): void {
  const next = current() === 'dark' ? 'light' : 'dark';
  if ((next === 'dark') === system.matches) localStorage.removeItem(KEPT);
  else localStorage.setItem(KEPT, next);
  apply();
}

export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
